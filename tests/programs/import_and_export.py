"""Empty the site, import content into it, and export it again."""

from django.core.management import call_command

from tests.helpers.fixtures import empty_the_site


def main(folder: str, again: str) -> None:
    empty_the_site()
    call_command("import_content", folder)
    call_command("export_content", again, accounts=True)
