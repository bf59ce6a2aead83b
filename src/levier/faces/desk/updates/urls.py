"""The addresses of a petition's news at the desk."""

from django.urls import URLPattern, URLResolver, path

from levier.faces.desk.updates import (
    amending,
    compose,
    listing,
    preview,
    publishing,
    responses,
    results,
    sending,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.updates, name="desk_updates"),
    path("nouvelle/", listing.new, name="desk_update_new"),
    path("<int:pk>/", compose.compose, name="desk_update"),
    path("<int:pk>/garder/", compose.autosave, name="desk_update_autosave"),
    path("<int:pk>/article/", compose.article, name="desk_update_article"),
    path("<int:pk>/rappel/", compose.remind, name="desk_update_remind"),
    path("<int:pk>/effacer/", compose.delete, name="desk_update_delete"),
    path("<int:pk>/apercu/", preview.preview, name="desk_update_preview"),
    path("<int:pk>/apercu/courriel/", preview.mail, name="desk_update_mail"),
    path("<int:pk>/apercu/texte/", preview.text, name="desk_update_text"),
    path("<int:pk>/apercu/destinataires/", preview.count, name="desk_update_count"),
    path("<int:pk>/essai/", preview.test, name="desk_update_test"),
    path("<int:pk>/demander/", publishing.submit, name="desk_update_submit"),
    path("<int:pk>/approuver/", publishing.approve, name="desk_update_approve"),
    path("<int:pk>/rendre/", publishing.send_back, name="desk_update_send_back"),
    path("<int:pk>/publier/", publishing.publish, name="desk_update_publish"),
    path("<int:pk>/envoi/", sending.sending, name="desk_update_sending"),
    path("<int:pk>/envoi/heure/", sending.reschedule, name="desk_update_reschedule"),
    path("<int:pk>/envoi/brouillon/", sending.unschedule, name="desk_update_unschedule"),
    path("<int:pk>/envoi/suspendre/", sending.pause, name="desk_update_pause"),
    path("<int:pk>/envoi/reprendre/", sending.resume, name="desk_update_resume"),
    path("<int:pk>/envoi/annuler/", sending.cancel, name="desk_update_cancel"),
    path("<int:pk>/resultats/", results.results, name="desk_update_results"),
    path("<int:pk>/destinataires/", results.received, name="desk_update_received"),
    path("<int:pk>/corriger/", amending.correct, name="desk_update_correct"),
    path("<int:pk>/evenement/", amending.event, name="desk_update_event"),
    path("<int:pk>/evenement/annuler/", amending.call_off, name="desk_update_call_off"),
    path("<int:pk>/reponses/", responses.responses, name="desk_update_responses"),
    path("<int:pk>/reponses/clore/", responses.close, name="desk_update_close"),
    path("<int:pk>/reponses/presence/", responses.presence, name="desk_update_presence"),
    path(
        "<int:pk>/reponses/<int:response>/<slug:verb>/",
        responses.sort,
        name="desk_update_response_sort",
    ),
]
