"""Proving a mailbox by a code, with allauth's own process: the way in for who has no account.

Sign-up stays closed everywhere else. The same mail goes to a known and to an unknown address, so
that nothing tells which it was; an account is made only once its mailbox has answered.
"""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from levier.foundation.accounts.actions import create_user
from levier.foundation.accounts.models import User

STATE = "launch_code"
GOOD_FOR = 15 * 60  # seconds: a mail may be slow
MOST_ATTEMPTS = 5
MOST_RESENDS = 3
TEMPLATE = "account/email/launch_code"


class MailboxCode(AbstractCodeVerificationProcess):
    """One code on its way to one address, kept in the session."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        super().__init__(max_attempts=MOST_ATTEMPTS, timeout=GOOD_FOR, state=state)
        self.request = request

    @classmethod
    def begin(cls, request: HttpRequest, email: str) -> "MailboxCode":
        """Send a first code."""
        process = cls(request, cls.initial_state(user=None, email=email.strip().lower()))
        process.send()
        process.persist()
        return process

    @classmethod
    def under_way(cls, request: HttpRequest) -> "MailboxCode | None":
        """The code that is awaited; None for none, or one too old."""
        state = request.session.get(STATE)
        return cls(request, state).abort_if_invalid() if state else None

    @property
    def email(self) -> str:
        """Where the code went."""
        return str(self.state["email"])

    @property
    def can_resend(self) -> bool:
        return not self.is_resend_quota_reached(MOST_RESENDS)

    def send(self) -> None:
        """A new code makes the former one useless."""
        self.state["code"] = get_adapter().generate_login_code()
        get_adapter().send_mail(TEMPLATE, self.email, {"code": self.state["code"]})

    def resend(self) -> None:
        """Once more."""
        self.record_resend()
        self.send()
        self.persist()

    def persist(self) -> None:
        self.request.session[STATE] = self.state

    def abort(self) -> None:
        self.request.session.pop(STATE, None)

    def sign_in(self, *, name: str, redirect_url: str, now: datetime) -> HttpResponse:
        """The mailbox answered: open its account, made now if there is none, and sign in.

        An account with a second factor is asked for it first, and comes back to `redirect_url`.
        """
        self.abort()
        known = User.objects.filter(email=self.email).first()
        user = known or create_user(email=self.email, name=name, password=None, now=now)
        record_authentication(self.request, user, method="code", email=self.email)
        login = Login(user=user, email=self.email, redirect_url=redirect_url, signup=known is None)
        response: HttpResponse = perform_login(self.request, login)
        return response
