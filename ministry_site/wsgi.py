import os

from django.core.wsgi import get_wsgi_application

from ministry_site.workers import end_with_the_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ministry_site.settings")

end_with_the_server()
application = get_wsgi_application()
