"""Where mail providers tell what became of our mails. django-anymail checks who speaks and reads
what is said; its signals are not used (docs/decisions/80)."""

import logging
import warnings
from functools import cache
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.webhooks.amazon_ses import AmazonSESBaseWebhookView, AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from levier.faces.public.metrics import REFUSED_NOTICES
from levier.foundation.messaging.actions.receive_notices import accept_topic, receive_notices
from levier.foundation.messaging.channels.providers import told_by

log = logging.getLogger(__name__)
UNREADABLE = (AnymailError, ValueError, KeyError, TypeError, AttributeError, LookupError)


class SnsNotices(AmazonSESTrackingWebhookView):
    """Amazon's, without Amazon's library: an authenticated question is answered by the worker."""

    def __init__(self, **kwargs: Any) -> None:
        self.auto_confirm_enabled = True
        super(AmazonSESBaseWebhookView, self).__init__(**kwargs)

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        """The secret was checked before: it is for us."""
        accept_topic(address=str(sns_message.get("SubscribeURL", "")))


BY_SECRET: dict[str, type[AnymailBaseWebhookView]] = {
    "brevo": BrevoTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "sendgrid": SendGridTrackingWebhookView,
    "ses": SnsNotices,
    "sparkpost": SparkPostTrackingWebhookView,
}


@csrf_exempt
@require_POST
def notices(request: HttpRequest, provider: str) -> HttpResponse:
    """Signed, or 403 and nothing written (J26). Twice, out of order, of a mail that is not ours:
    200, so that the provider does not tell it again and again."""
    reader = reader_of(provider)
    if reader is None:
        raise Http404
    if provider == "ses" and not request.headers.get("Authorization"):
        # Amazon only gives its secret to who asks for it.
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="Levier"'})
    try:
        reader.run_validators(request)
    except AnymailWebhookValidationFailure:
        return _refused(provider, 403)
    except UNREADABLE:
        return _refused(provider, 400)
    try:
        events = reader.parse_events(request)
    except UNREADABLE:
        return _refused(provider, 400)
    now = timezone.now()
    done = receive_notices(told=told_by(provider, events, now=now), now=now)
    if done.new or done.strange:
        log.info("%s told %d new notices, %d of others", provider, done.new, done.strange)
    return HttpResponse()


def reader_of(provider: str) -> AnymailBaseWebhookView | None:
    """Who checks and reads this provider's notices; None where no secret is set for it."""
    return _reader(
        provider,
        settings.MAIL_HOOK_SECRET,
        settings.MAILGUN_SIGNING_KEY,
        settings.SENDGRID_PUBLIC_KEY,
    )


@cache
def _reader(
    provider: str, secret: str, mailgun: str, sendgrid: str
) -> AnymailBaseWebhookView | None:
    with warnings.catch_warnings():  # anymail no longer tests SendGrid's; our tests do
        warnings.simplefilter("ignore")
        if provider == "mailgun" and mailgun:
            return MailgunTrackingWebhookView(webhook_signing_key=mailgun, webhook_secret=[])
        if provider == "sendgrid" and sendgrid:
            key = {"tracking_webhook_verification_key": sendgrid}
            return SendGridTrackingWebhookView(**key, webhook_secret=[])
        if provider in BY_SECRET and secret:
            return BY_SECRET[provider](webhook_secret=[secret])
    return None


def _refused(provider: str, status: int) -> HttpResponse:
    REFUSED_NOTICES.labels(provider).inc()
    log.warning("a notice from « %s » was refused (%d)", provider, status)
    return HttpResponse(status=status)
