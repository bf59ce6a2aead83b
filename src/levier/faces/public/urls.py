"""The public addresses. Their outside counterpart is the contract in `docs/`."""

from django.urls import URLPattern, URLResolver, include, path

from levier.faces.public import (
    card,
    comments,
    correct_address,
    counter,
    health,
    home,
    legal,
    mailbox,
    media,
    petition,
    proof,
    share,
    thanks,
    territory,
    unsubscribe,
)
from levier.faces.public.embed import frame, script

of_a_petition: list[URLPattern | URLResolver] = [
    path("", petition.petition, name="petition"),
    path("preuve.json", proof.proof, name="proof"),
    path("signer/", petition.refused, name="sign"),  # the signing path stands in front of it
    path("decompte/", petition.count, name="count"),
    path("compteur.json", counter.counter, name="counter"),
    path("versions/", petition.versions, name="versions"),
    path("merci/<str:token>/", thanks.thanks, name="thanks"),
    path("merci/<str:token>/renvoyer/", thanks.resend, name="resend"),
    path("territoires/", territory.territory, name="territory"),
    path("merci/<str:token>/corriger/", correct_address.correction, name="correct_address"),
    path("commentaires/", comments.comments, name="comments"),
    path("commentaires/<int:comment>/signaler/", comments.report_comment, name="report_comment"),
    path("carte.png", card.card, name="card"),
    path("qr.svg", share.qr, name="qr"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("petitions/<slug:slug>/", include(of_a_petition)),
    path("integrer/v1.js", script.script, name="embed_script"),
    path("integrer/<slug:slug>/", frame.frame, name="embed"),
    path("integrer/<slug:slug>/signer/", frame.refused, name="embed_sign"),
    path("integrer/<slug:slug>/merci/<str:token>/", frame.thanks, name="embed_thanks"),
    path("lancer/", include("levier.faces.public.launch.urls")),
    path("s/<str:code>", share.share, name="share"),
    path("", include("levier.faces.public.private_urls")),
    path("desabonnement/<str:token>/", unsubscribe.unsubscription, name="unsubscribe"),
    path("demo/courrier/", mailbox.mailbox, name="mailbox"),
    path("demo/courrier/<int:at>/", mailbox.mail, name="mail"),
    path("demo/courrier/<int:at>/html", mailbox.mail_html, name="mail_html"),
    path("demo/courrier.jsonl", mailbox.mails_as_lines, name="mails_as_lines"),
    path("media/<path:name>", media.media, name="media"),
    path("donnees-personnelles/", legal.personal_data, name="personal_data"),
    path("mentions-legales/", legal.legal_notice, name="legal_notice"),
    path("accessibilite/", legal.accessibility, name="accessibility"),
    path("robots.txt", legal.robots, name="robots"),
    path("sante/vivant", health.alive, name="alive"),
    path("sante/pret", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
