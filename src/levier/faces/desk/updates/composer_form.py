"""The composer's form, filled with a draft and with what its petition offers to choose from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict

from levier.foundation.common.areas.names import area_name
from levier.foundation.directory.queries import public_contacts_of
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.journals import AreaTally
from levier.gathering.updates.enums import UpdateKind
from levier.gathering.updates.forms.update import MEANS, UpdateForm, initial_update
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.queries.audience import Audience
from levier.gathering.updates.queries.desk import last_published
from levier.gathering.updates.rules.asks import asks_allowed, default_ask
from levier.gathering.updates.rules.gates import Desk

PROPOSE = "proposer"  # the kind or the ask changed: take the texts that go with it
TEXTS = "textes"  # take the proposed texts again, whatever was typed
PROPOSED = ("label", "instructions", "suggested_text")


def composer_form(desk: Desk, data: QueryDict | None, *, now: datetime) -> UpdateForm:
    """Bound to what was typed, if anything was; its choices follow the kind and the ask typed."""
    ask, petition = desk.ask, desk.place.petition
    kind = _chosen(data, "kind", ask.update.kind, UpdateKind.values)
    asks = asks_allowed(kind)
    asked = _chosen(data, "ask", ask.kind, asks)
    silent_since = Audience.kept_in(ask.update.audience).silent_since
    return UpdateForm(
        data,
        initial=initial_update(ask),
        now=now,
        asks=asks,
        contacts=public_contacts_of(petition.addressee_post, petition.addressee_person).filter(
            type__in=MEANS.get(asked, ())
        ),
        areas=_areas(petition),
        previous=silent_since or _previous(petition),
    )


def with_texts(ask: Ask, typed: QueryDict, *, forced: bool) -> QueryDict:
    """What was typed, with the texts proposed for the kind and the ask chosen now (U9). A text
    that somebody made their own stays, unless they ask for the proposed ones again."""
    kind = _chosen(typed, "kind", ask.update.kind, UpdateKind.values)
    allowed = asks_allowed(kind)
    asked = typed.get("ask", "")
    stays = kind == ask.update.kind and asked in allowed
    chosen = asked if stays else allowed[0]
    petition = ask.update.petition
    before = vars(default_ask(ask.update.kind, petition, ask.kind))
    after = vars(default_ask(kind, petition, chosen))
    filled = typed.copy()
    filled["ask"] = chosen
    for name in PROPOSED:
        is_ours = typed.get(name, "").replace("\r\n", "\n").strip() in ("", before[name].strip())
        if forced or is_ours:
            filled[name] = after[name]
    if after["zone"] and not typed.get("zone"):
        filled["zone"] = after["zone"]
    return filled


def typed_in(request: HttpRequest, ask: Ask) -> QueryDict | None:
    """What the page sent, with the texts it asked for; None when it only reads."""
    if request.method != "POST":
        return None
    wanted = request.POST.get("suite", "")
    if wanted in (PROPOSE, TEXTS):
        return with_texts(ask, request.POST, forced=wanted == TEXTS)
    return request.POST


def _chosen(data: Mapping[str, Any] | None, name: str, kept: str, known: Any) -> str:
    """What was typed where it is known, else what is kept, else the first there is."""
    typed = (data or {}).get(name, kept)
    return str(typed if typed in known else kept if kept in known else known[0])


def _areas(petition: Petition) -> list[tuple[str, str]]:
    """Those that signatures come from, by name."""
    found = AreaTally.objects.filter(petition=petition, counted__gt=0)
    named = [(area, area_name(area)) for area in found.values_list("area", flat=True) if area]
    return sorted(named, key=lambda one: one[1])


def _previous(petition: Petition) -> int | None:
    last = last_published(petition)
    return last.pk if last else None
