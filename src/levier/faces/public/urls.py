"""The public addresses. Their outside counterpart is the contract in `docs/`."""

from django.urls import URLPattern, URLResolver, path

from levier.faces.public import legal

urlpatterns: list[URLPattern | URLResolver] = [
    path("donnees-personnelles/", legal.personal_data, name="personal_data"),
    path("mentions-legales/", legal.legal_notice, name="legal_notice"),
    path("accessibilite/", legal.accessibility, name="accessibility"),
    path("robots.txt", legal.robots, name="robots"),
]
