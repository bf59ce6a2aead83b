"""Every address, by face. `docs/` counterpart: the contract of public addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("levier.faces.public.urls")),
    path("", include("levier.faces.desk.urls")),
]

handler400 = "levier.faces.public.errors.bad_request"
handler403 = "levier.faces.public.errors.forbidden"
handler404 = "levier.faces.public.errors.not_found"
handler500 = "levier.project.unavailable.error_page"
