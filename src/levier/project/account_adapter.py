"""How allauth lives in this house: no open sign-up, and mails that leave by a job."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.mails import send_account_mail
from levier.foundation.accounts.models import User
from levier.foundation.common.network import client_network

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - a name for « nobody knows », never listened on


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation or from the command line."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _(
            "Ce compte est fermé. Écrivez à la personne responsable de l’équipe."
        ),
        "email_password_mismatch": _(
            "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez-les, ou demandez "
            "un code par courriel."
        ),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce code n’est pas le bon, ou il est trop ancien."),
        "incorrect_password": _("Ce n’est pas le bon mot de passe."),
        "invalid_or_expired_key": _("Ce lien n’est plus valable. Recevez-en un nouveau."),
        "invalid_login": _("La connexion n’a pas abouti. Recommencez."),
        "invalid_password_reset": _("Ce lien n’est plus valable. Recevez-en un nouveau."),
        "too_many_login_attempts": _(
            "Trop d’essais avec cette adresse. Réessayez dans quelques minutes, ou demandez "
            "un code par courriel."
        ),
        "unknown_email": _("Aucun compte n’existe avec cette adresse."),
        "same_as_current": _("Choisissez un mot de passe différent de l’actuel."),
        "rate_limited": _("Trop de demandes. Réessayez dans quelques minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail in this request's transaction; what is undone is not sent."""
        context = {"email": email, "base_url": settings.BASE_URL, **context}
        send_account_mail(
            to=email,
            subject=render_to_string(f"{template_prefix}_subject.txt", context),
            text=render_to_string(f"{template_prefix}_message.txt", context),
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a user that something changed in how they sign in, at the address they have."""
        address = email or (user.email if isinstance(user, User) else None)
        super().send_notification_mail(template_prefix, user, context, address)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built on the installation's own address, never on the request's Host."""
        uid, _separator, token = key.partition("-")
        return settings.BASE_URL + reverse("account_reset_password_from_key", args=[uid, token])

    def get_client_ip(self, request: HttpRequest) -> str:
        """What attempts are counted by: as for signatures, proxies only if trusted (P66)."""
        peer = str(request.META.get("REMOTE_ADDR", ""))
        forwarded = request.headers.get("x-forwarded-for", "")
        network = client_network(peer, forwarded, settings.TRUSTED_PROXIES)
        return network.partition("/")[0] or UNKNOWN_ADDRESS

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("desk_account")


class MFAAdapter(DefaultMFAAdapter):
    """The second factor and passkeys, in French."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Vous ne pouvez pas ajouter d’adresse avec la double vérification."),
        "cannot_delete_authenticator": _("Vous ne pouvez pas désactiver la double vérification."),
        "cannot_generate_recovery_codes": _(
            "Les codes de secours demandent d’abord une double vérification."
        ),
        "incorrect_code": _("Ce code n’est pas le bon. Attendez le suivant et recommencez."),
        "unverified_email": _("Confirmez d’abord votre adresse électronique."),
    }
