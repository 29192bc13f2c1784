"""The application that the server runs (docs/adr/0027)."""

import os

from django.core.wsgi import get_wsgi_application

from ministry_site.workers import end_with_the_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ministry_site.settings")
end_with_the_server()
wsgi_application = get_wsgi_application()

from bureaus.management.running_site import hold_while_serving  # noqa: E402 - after the settings
from ministry_site.serving import Server  # noqa: E402 - it reads the settings

hold_while_serving()
application = Server(wsgi_application)
