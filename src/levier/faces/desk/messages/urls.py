"""Addresses of messages at the desk, under /tableau-de-bord/messages/."""

from django.urls import URLPattern, path

from levier.faces.desk.messages import broadcasts, deliverability, letters, unknown

urlpatterns: list[URLPattern] = [
    path("", broadcasts.broadcasts, name="desk_messages"),
    path("files/<slug:lane>/arreter/", broadcasts.stop, name="desk_lane_stop"),
    path("files/<slug:lane>/relancer/", broadcasts.restart, name="desk_lane_restart"),
    path("delivrabilite/", deliverability.deliverability, name="desk_deliverability"),
    path("delivrabilite/verifier/", deliverability.check, name="desk_preflight_check"),
    path("delivrabilite/accepter/", deliverability.waive, name="desk_preflight_waive"),
    path("inconnus/", unknown.unknown, name="desk_unknown"),
    path("inconnus/<int:pk>/envoyes/", unknown.take_for_sent, name="desk_unknown_sent"),
    path("inconnus/<int:pk>/renvoyer/", unknown.send_again, name="desk_unknown_again"),
    path("modeles/", letters.letters, name="desk_letters"),
    path("modeles/<slug:package>/<slug:name>/", letters.letter, name="desk_letter"),
    path("modeles/<slug:package>/<slug:name>/html/", letters.html, name="desk_letter_html"),
]
