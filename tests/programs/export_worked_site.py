"""Empty the site, let officers work on a small one, and export it."""

from django.core.management import call_command

from tests.helpers.cast import found_site
from tests.helpers.fixtures import empty_the_site
from tests.helpers.worked_site import officers_have_worked


def main(folder: str) -> None:
    empty_the_site()
    officers_have_worked(found_site())
    call_command("export_content", folder, accounts=True)
