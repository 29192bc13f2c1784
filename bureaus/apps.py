from django.apps import AppConfig
from django.core import checks


class BureausConfig(AppConfig):
    name = "bureaus"
    verbose_name = "サイトの内容"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_login_failed

        from bureaus.checks import (
            check_databases,
            check_proxies,
            check_publisher,
            check_security_contact,
            check_security_txt,
        )
        from bureaus.login.failed_logins import log_failed_login
        from bureaus.login.middleware import begin

        user_logged_in.connect(begin)
        user_login_failed.connect(log_failed_login)
        checks.register(check_databases)
        checks.register(check_security_contact)
        checks.register(check_security_txt)
        checks.register(check_proxies)
        checks.register(check_publisher)
