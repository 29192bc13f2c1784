from django.urls import path

from bureaus.login import factor_views, views

app_name = "second-factor"
urlpatterns = [
    path("", views.code, name="code"),
    path("set-up/", views.set_up, name="set-up"),
    path("authenticator/", factor_views.add_authenticator, name="authenticator"),
    path("removal/", factor_views.remove_factor, name="removal"),
    path("backup-codes/", views.backup_codes, name="backup-codes"),
]
