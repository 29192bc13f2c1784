from django.urls import path

from bureaus.login import views

app_name = "second-factor"
urlpatterns = [
    path("", views.code, name="code"),
    path("set-up/", views.set_up, name="set-up"),
    path("backup-codes/", views.backup_codes, name="backup-codes"),
]
