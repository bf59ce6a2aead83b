"""The addresses that only a mailbox knows, and how to ask for one."""

from django.urls import URLPattern, URLResolver, include, path

from levier.faces.public import confirm, organisations, preferences, unsubscribe
from levier.faces.public.me import address, agreements, ask, page, paper, partners, signature

of_a_signature: list[URLPattern | URLResolver] = [
    path("confirmer/", signature.confirmation, name="me_confirm"),
    path("corriger/", signature.correction, name="me_correct"),
    path("retirer/", signature.withdrawal, name="me_withdraw"),
    path("partager/", signature.sharing, name="me_share"),
    path("commentaire/", signature.comment, name="me_comment"),
    path("commentaire/effacer/", signature.comment_deletion, name="me_comment_delete"),
]

of_a_mailbox: list[URLPattern | URLResolver] = [
    path("", page.me, name="me"),
    path("signatures/<int:pk>/", include(of_a_signature)),
    path("papier/<int:pk>/retirer/", paper.withdraw, name="me_paper_withdraw"),
    path("accords/arreter/", agreements.stop_all, name="me_stop_all"),
    path("partenaires/<int:pk>/arreter/", partners.stop, name="me_partner_stop"),
    path("accords/nouvelles/<int:petition>/donner/", agreements.agree_to_news, name="me_news"),
    path("accords/nouvelles/<int:petition>/arreter/", agreements.stop_news, name="me_news_stop"),
    path("accords/<slug:channel>/<slug:purpose>/donner/", agreements.agree, name="me_agree"),
    path("accords/<slug:channel>/<slug:purpose>/arreter/", agreements.stop, name="me_stop"),
    path("adresse/", address.change, name="me_address"),
    path("adresse/annuler/", address.cancel, name="me_address_cancel"),
    path("telecharger/", page.download, name="me_download"),
    path("effacer/", page.forget, name="me_forget"),
]

of_a_person: list[URLPattern | URLResolver] = [
    path("", preferences.preferences, name="preferences"),
    path("tout-arreter/", preferences.stop_all, name="preferences_stop_all"),
]

of_an_unsubscription: list[URLPattern | URLResolver] = [
    path("", unsubscribe.unsubscription, name="unsubscribe"),
    path("de-tout/", unsubscribe.from_everything, name="unsubscribe_from_everything"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("confirmer/envoye/", confirm.sent, name="confirm_sent"),
    path("confirmer/<str:token>/", confirm.confirmation, name="confirm"),
    path("confirmer/<str:token>/pas-moi/", confirm.not_me, name="not_me"),
    path("confirmer/<str:token>/renvoyer/", confirm.again, name="confirm_again"),
    path("organisations/retiree/", organisations.gone, name="organisation_gone"),
    path("organisations/<str:token>/", organisations.organisation, name="organisation"),
    path(
        "organisations/<str:token>/retirer/",
        organisations.withdraw,
        name="organisation_withdraw",
    ),
    path("preferences/<str:token>/", include(of_a_person)),
    path("desabonnement/<str:token>/", include(of_an_unsubscription)),
    path("moi/", ask.ask, name="me_ask"),
    path("moi/envoye/", ask.sent, name="me_sent"),
    path("moi/nouvelle-adresse/<str:token>/", address.confirmation, name="new_address"),
    path("moi/nouvelle-adresse/<str:token>/refuser/", address.refusal, name="new_address_refuse"),
    path("moi/<str:token>/", include(of_a_mailbox)),
]
