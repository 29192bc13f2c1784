from django.apps import AppConfig
from django.core import checks


class BureausConfig(AppConfig):
    name = "bureaus"
    verbose_name = "サイトの内容"

    def ready(self) -> None:
        from bureaus.checks import (
            check_databases,
            check_proxies,
            check_publisher,
            check_security_contact,
            check_security_txt,
        )

        checks.register(check_databases)
        checks.register(check_security_contact)
        checks.register(check_security_txt)
        checks.register(check_proxies)
        checks.register(check_publisher)
