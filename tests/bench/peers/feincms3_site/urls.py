from django.urls import re_path

from feincms3_site.views import page

urlpatterns = [re_path(r"^(?P<path>.*)$", page)]
