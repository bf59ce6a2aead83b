"""Every address, by face. `docs/` counterpart: the contract of public addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("levier.faces.public.urls")),
    path("", include("levier.faces.desk.urls")),
]

handler500 = "levier.project.unavailable.error_page"
