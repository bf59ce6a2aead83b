"""Alerts that wait for the team, and what each says."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.countries import country_names
from levier.foundation.common.typography import day_month, hour, number
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import AlertKind
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.queries.review import network_label

A_MINUTE = timedelta(minutes=1)
STALE = timedelta(days=14)  # not found again since: nobody needs it any more


def open_alerts(petition: Petition, *, now: datetime) -> QuerySet[Alert]:
    """What nobody dismissed, the wrong tally first, then the latest."""
    found = Alert.objects.filter(petition=petition, dismissed_at=None, seen_at__gt=now - STALE)
    return found.order_by("-raised_at", "-n", "pk")


def untold(*, now: datetime) -> QuerySet[Alert]:
    """What no mail told yet, with its petition."""
    found = Alert.objects.filter(told_at=None, dismissed_at=None, seen_at__gt=now - STALE)
    return found.select_related("petition__campaign__organisation").order_by("petition", "-n", "pk")


def sentence_of(alert: Alert) -> str:
    """What is unusual, with figures: « 48 signatures viennent de la même connexion… »."""
    if alert.kind == AlertKind.TALLY and alert.n == alert.among:
        return _("Le détail du décompte ne correspond plus aux signatures : recomptez.")
    if alert.kind == AlertKind.TALLY:
        return _("Le décompte affiche %(told)s, les signatures disent %(true)s : recomptez.") % {
            "told": number(alert.n),
            "true": number(alert.among),
        }
    return f"{_what(alert)} {_when(alert)}"


def _what(alert: Alert) -> str:
    words = {"n": number(alert.n), "subject": alert.subject}
    if alert.kind == AlertKind.DOMAIN:
        return _("%(n)s signatures ont une adresse chez %(subject)s, peu courant.") % words
    if alert.kind == AlertKind.DISPOSABLE:
        return _("%(n)s signatures ont une adresse jetable, chez %(subject)s.") % words
    if alert.kind == AlertKind.SEQUENCE:
        return _("%(n)s adresses se suivent, comme %(subject)s.") % words
    if alert.kind == AlertKind.NAME:
        return _("%(n)s adresses différentes portent le nom de %(subject)s.") % words
    if alert.kind == AlertKind.NETWORK:
        label = network_label(bytes.fromhex(alert.subject))
        return _("%(n)s signatures viennent de la même %(label)s.") % {**words, "label": label}
    if alert.kind == AlertKind.NIGHT:
        at = datetime.fromisoformat(f"{alert.subject}:00")
        local = timezone.make_aware(at)
        words |= {"day": day_month(local), "hour": hour(local)}
        return _("%(n)s signatures sont arrivées le %(day)s, dans l’heure de %(hour)s.") % words
    return _(
        "%(n)s signatures viennent de %(place)s : %(share)s %% du jour, au lieu de %(usual)s %%."
    ) % {
        **words,
        "place": place_name(alert.subject),
        "share": 100 * alert.n // max(alert.among, 1),
        "usual": round(100 * (alert.usual or 0)),
    }


def _when(alert: Alert) -> str:
    """« Sur 198 signatures, le 21 novembre, de 3 h à 3 h 12. »"""
    first, last = timezone.localtime(alert.first_at), timezone.localtime(alert.last_at)
    words = {
        "among": number(alert.among),
        "first": f"{day_month(first)}, {hour(first)}",
        "last": f"{day_month(last)}, {hour(last)}",
    }
    if last - first < A_MINUTE:
        said = ngettext(
            "Sur %(among)s signature, le %(first)s.",
            "Sur %(among)s signatures, le %(first)s.",
            alert.among,
        )
        return said % words
    said = ngettext(
        "Sur %(among)s signature, du %(first)s au %(last)s.",
        "Sur %(among)s signatures, du %(first)s au %(last)s.",
        alert.among,
    )
    return said % words


def place_name(subject: str) -> str:
    """« FR-35 » → « département 35 », « BE » → « Belgique »."""
    country, _sep, area = subject.partition("-")
    if area:
        return _("département %(area)s") % {"area": area}
    return country_names().get(country, country)


def by_petition(alerts: Iterable[Alert]) -> dict[int, list[Alert]]:
    """The same, petition by petition, in order."""
    found: dict[int, list[Alert]] = {}
    for alert in alerts:
        found.setdefault(alert.petition_id, []).append(alert)
    return found
