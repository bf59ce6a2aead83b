"""The desk's addresses: signing in, one's account, one's petitions, one's team."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as key_views
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path, re_path

from levier.faces.desk import (
    account,
    alerts,
    bulk,
    campaign_team,
    comments,
    dashboard,
    embed,
    held,
    home,
    invitation,
    organisation,
    partners,
    petition_fields,
    petition_form,
    petition_life,
    petition_settings,
    petition_state,
    preview,
    recount,
    referrals,
    review,
    signatures,
    switches,
    team,
    territory,
    welcome,
)

# Showing recovery codes writes down that they were shown: not in a reading transaction.
noting = transaction.non_atomic_requests

# allauth asks for these names; the addresses are ours.
signing_in: list[URLPattern | URLResolver] = [
    path("connexion/", account_views.login, name="account_login"),
    path("connexion/code/", account_views.request_login_code, name="account_request_login_code"),
    path(
        "connexion/code/verifier/",
        account_views.confirm_login_code,
        name="account_confirm_login_code",
    ),
    path("connexion/cle/", key_views.login_webauthn, name="mfa_login_webauthn"),
    path("connexion/verification/", mfa_views.authenticate, name="mfa_authenticate"),
    path("connexion/encore/", account_views.reauthenticate, name="account_reauthenticate"),
    path("connexion/encore/code/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path(
        "connexion/encore/cle/",
        key_views.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("connexion/compte-ferme/", account_views.account_inactive, name="account_inactive"),
    path("connexion/sur-invitation/", account_views.signup, name="account_signup"),
    path("deconnexion/", account_views.logout, name="account_logout"),
    path("mot-de-passe/", account_views.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/envoye/",
        account_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/change/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("invitation/<str:secret>/", invitation.invitation, name="invitation"),
]

my_account: list[URLPattern | URLResolver] = [
    path("", account.account, name="desk_account"),
    path("mot-de-passe/", account_views.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account_views.password_set, name="account_set_password"),
    path("securite/", mfa_views.index, name="mfa_index"),
    path("securite/application/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("securite/application/fin/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("securite/codes/", noting(code_views.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "securite/codes/nouveaux/",
        code_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "securite/codes/codes.txt",
        noting(code_views.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("securite/cles/", key_views.list_webauthn, name="mfa_list_webauthn"),
    path("securite/cles/ajouter/", key_views.add_webauthn, name="mfa_add_webauthn"),
    path("securite/cles/<int:pk>/", key_views.edit_webauthn, name="mfa_edit_webauthn"),
    path("securite/cles/<int:pk>/retirer/", key_views.remove_webauthn, name="mfa_remove_webauthn"),
]

of_a_petition: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="desk_petition"),
    path("modifier/", petition_form.edit, name="desk_petition_edit"),
    path("apercu/", preview.preview, name="desk_preview"),
    path("publier/", petition_state.publish, name="desk_publish"),
    path("relecture/", review.review, name="desk_review"),
    path("relecture/approuver/", review.approve, name="desk_review_approve"),
    path("relecture/refuser/", review.refuse, name="desk_review_refuse"),
    path("proposer/", review.offer, name="desk_offer"),
    path("pause/", petition_state.pause, name="desk_pause"),
    path("reprendre/", petition_state.resume, name="desk_resume"),
    path("clore/", petition_state.close, name="desk_close"),
    path("signatures/", signatures.signatures, name="desk_signatures"),
    path("signatures/exporter/", signatures.export, name="desk_export"),
    path("reglages/", petition_settings.settings, name="desk_petition_settings"),
    path("questions/", petition_fields.questions, name="desk_petition_fields"),
    path("adresse/", petition_life.rename, name="desk_petition_rename"),
    path("transmettre/", petition_life.transfer, name="desk_petition_transfer"),
    path("victoire/", petition_life.victory, name="desk_petition_victory"),
    path("retirer/", petition_life.remove, name="desk_petition_remove"),
    path("recompter/", recount.recount, name="desk_petition_recount"),
    path("alertes/", alerts.alerts, name="desk_alerts"),
    path("alertes/<int:pk>/ranger/", alerts.dismiss, name="desk_alert_dismiss"),
    path("decisions/", bulk.decisions, name="desk_bulk_decisions"),
    path("decisions/nouvelle/", bulk.new, name="desk_bulk_new"),
    path("decisions/<int:pk>/", bulk.decision, name="desk_bulk_decision"),
    path("decisions/<int:pk>/arreter/", bulk.stop, name="desk_bulk_stop"),
    path("decisions/<int:pk>/annuler/", bulk.undo, name="desk_bulk_undo"),
    path("a-verifier/", held.held, name="desk_held"),
    path("a-verifier/compter/", held.count, name="desk_held_count"),
    path("a-verifier/ecarter/", held.set_aside, name="desk_held_set_aside"),
    path("papier/", include("levier.faces.desk.paper_urls")),
    path("importer/", include("levier.faces.desk.imports.petition_urls")),
    path("liens/", referrals.referrals, name="desk_referrals"),
    path("liens/<int:pk>/", referrals.branch, name="desk_branch"),
    path("territoires/", territory.territory, name="desk_territory"),
    path("territoires/exporter/", territory.export, name="desk_territory_export"),
    path("territoires/montrer/", territory.show, name="desk_territory_show"),
    path("territoires/cacher/", territory.hide, name="desk_territory_hide"),
    path("territoires/elus.csv", territory.handed, name="desk_territory_handed"),
    path("territoires/fiche.pdf", territory.sheet, name="desk_territory_sheet"),
    path("integrer/", embed.embed, name="desk_embed"),
    path("partenaires/", partners.partners, name="desk_partners"),
    path("partenaires/<int:pk>/", partners.partner, name="desk_partner"),
    path("partenaires/<int:pk>/exporter/", partners.export, name="desk_partner_export"),
    path("partenaires/<int:pk>/arreter/", partners.end, name="desk_partner_end"),
    path("partenaires/<int:pk>/reprendre/", partners.resume, name="desk_partner_resume"),
    path("interrupteurs/", switches.of_petition, name="desk_switches"),
    path("interrupteurs/<slug:kind>/", switches.throw, name="desk_switch_throw"),
    path("interrupteurs/<slug:kind>/arreter/", switches.take_back, name="desk_switch_take_back"),
    path("commentaires/", comments.comments, name="desk_comments"),
    path("commentaires/<int:pk>/publier/", comments.approve, name="desk_comment_approve"),
    path("commentaires/<int:pk>/masquer/", comments.hide, name="desk_comment_hide"),
    path("commentaires/<int:pk>/distinguer/", comments.feature, name="desk_comment_feature"),
    path("commentaires/<int:pk>/ranger/", comments.unfeature, name="desk_comment_unfeature"),
]

at_the_desk: list[URLPattern | URLResolver] = [
    path("", home.desk, name="desk"),
    path("petitions/", home.petitions, name="desk_petitions"),
    path("petitions/nouvelle/", petition_form.new, name="desk_petition_new"),
    path("conseils/", petition_form.hints, name="desk_hints"),
    path("petitions/<slug:slug>/", include(of_a_petition)),
    path("interrupteurs/", switches.of_site, name="desk_site_switches"),
    path("interrupteurs/<slug:kind>/", switches.throw_on_site, name="desk_site_switch_throw"),
    path(
        "interrupteurs/<slug:kind>/arreter/",
        switches.take_back_on_site,
        name="desk_site_switch_take_back",
    ),
    path("relectures/", review.reviews, name="desk_reviews"),
    path("reglages/accueil/", welcome.welcome, name="desk_welcome"),
    path("soutiens/importer/", include("levier.faces.desk.imports.supporter_urls")),
    path("equipe/", team.team, name="desk_team"),
    path("equipe/<int:pk>/role/", team.role, name="desk_role"),
    path("equipe/<int:pk>/retirer/", team.remove, name="desk_remove_member"),
    path("equipe/invitations/<int:pk>/retirer/", team.withdraw, name="desk_withdraw_invitation"),
    path("reglages/", organisation.settings, name="desk_settings"),
    path("reglages/choix/", organisation.choices, name="desk_choices"),
    path("campagnes/<int:pk>/", organisation.campaign, name="desk_campaign"),
    path("campagnes/<int:pk>/equipe/", campaign_team.campaign_team, name="desk_campaign_team"),
    path("campagnes/<int:pk>/equipe/role/", campaign_team.part, name="desk_campaign_part"),
    path("campagnes/<int:pk>/equipe/acces/", campaign_team.close, name="desk_campaign_close_team"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *signing_in,
    path("mon-compte/", include(my_account)),
    path("tableau-de-bord/", include(at_the_desk)),
]
