from django.apps import AppConfig


class LoginConfig(AppConfig):
    """The tables of the login, apart from those of the content: they are in no export of it."""

    name = "bureaus.login"
    label = "login"
    verbose_name = "ログイン"

    def ready(self) -> None:
        """Connect the receivers after those of django-axes, which mark a locked-out request."""
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from bureaus.login.failed_logins import log_failed_login, log_login, log_logout
        from bureaus.login.middleware import begin

        user_logged_in.connect(begin)
        user_logged_in.connect(log_login)
        user_logged_out.connect(log_logout)
        user_login_failed.connect(log_failed_login)
