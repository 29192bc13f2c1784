from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from bureaus.login.invitations import InvitationView
from bureaus.login.session_views import own_sessions, remaining_time, sessions_of_account
from ministry_site.metrics import metrics

urlpatterns = [
    path("admin", RedirectView.as_view(url="/admin/", permanent=True)),
    path("admin/second-factor/", include("bureaus.login.urls")),
    path("admin/invitation/<uidb64>/<token>/", InvitationView.as_view(), name="invitation"),
    path("admin/sessions/", own_sessions, name="sessions"),
    path("admin/sessions/remaining/", remaining_time, name="session-time"),
    path("admin/sessions/<int:pk>/", sessions_of_account, name="sessions-of-account"),
    path("admin/", admin.site.urls),
    path("metrics", metrics),
    path("", include("bureaus.urls")),
]

handler400 = "bureaus.views.errors.bad_request"
handler403 = "bureaus.views.errors.permission_denied"
handler404 = "bureaus.views.errors.not_found"
handler500 = "bureaus.views.errors.server_error"
