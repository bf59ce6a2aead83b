"""What a person may choose to receive, as their own pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.typography import french_spaces
from levier.foundation.people.actions.stopping import Key
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.person import Person
from levier.foundation.people.queries.agreements import Agreement, agreements_of
from levier.foundation.people.rules import petition_in, stopped_channels
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.rules.choices import in_force
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.rules.sentences import news_sentence, standing_sentences

NEWS = (Channel.EMAIL, Purpose.PETITION_NEWS)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing that may be received: in which words, wanted or not, since when."""

    key: Key
    petition: int | None  # whose news it is
    sentence: str
    given: bool  # said, and not stopped since
    said: Agreement | None  # the last word on it; None when never asked

    @property
    def channel(self) -> Channel:
        return Channel(self.key[0])

    @property
    def name(self) -> str:
        """The key as a form sends it back."""
        return ":".join(self.key)

    @property
    def origin(self) -> str:
        """Where the last word on it was said."""
        source = self.said.source if self.said else ""
        known = {"moi": _("sur votre page"), "preferences": _("sur votre page")}
        known |= {"paper": _("sur une feuille papier"), "signature": _("avec une signature")}
        known |= {"desabonnement": _("par le lien d’un courriel")}
        return known.get(source.partition(":")[0], _("par l’organisation"))

    @property
    def since(self) -> datetime | None:
        return self.said.at if self.said else None


@dataclass(frozen=True, kw_only=True)
class Choices:
    """All of them, in the order of the page."""

    rows: list[Choice]
    stopped: datetime | None  # when everything was stopped, on some channel still

    @property
    def any_given(self) -> bool:
        return any(choice.given for choice in self.rows)


def choices_of(person: Person, organisation: Organisation) -> Choices:
    """News of each petition the person stands behind, the latest signed first; then what the
    organisation offers by e-mail, and what the person was ever asked by telephone and by post.
    Four queries."""
    said = {(one.channel, one.purpose, one.scope): one for one in agreements_of(person)}
    petitions = list(_petitions(person, said.values()))
    news = {news_of(petition.pk)["scope"]: petition for petition in petitions}
    sentences: dict[Key, str] = {
        (*NEWS, scope): news_sentence(french_spaces(petition.title))
        for scope, petition in news.items()
    }
    more = any(in_force(petition, "offers_org_news") for petition in petitions)
    offered = {(Channel.EMAIL, Purpose.ORG_NEWS, "")} if more else set()
    for (channel, purpose), sentence in standing_sentences(organisation).items():
        if (channel, purpose, "") in offered | said.keys():
            sentences[channel, purpose, ""] = sentence
    stopped = stopped_channels(person)
    rows = [
        Choice(
            key=key,
            petition=news[key[2]].pk if key[2] else None,
            sentence=sentence,
            given=key[0] not in stopped and (one := said.get(key)) is not None and one.given,
            said=said.get(key),
        )
        for key, sentence in sentences.items()
    ]
    return Choices(rows=rows, stopped=max(stopped.values(), default=None))


def _petitions(person: Person, said: Iterable[Agreement]) -> QuerySet[Any]:
    """Signed, online or on paper, and not taken back; or whose news still come. Each with its
    latest title."""
    signed = Signature.objects.filter(person=person, state__in=STANDING)
    on_paper = PaperLine.objects.filter(person=person).values("petition")
    wanted = [petition_in(one.scope) for one in said if one.given and one.scope]
    at = signed.filter(petition=OuterRef("pk")).order_by("-signed_at").values("signed_at")
    titles = Version.objects.filter(petition=OuterRef("pk")).order_by("-n").values("title")
    return (
        Petition.objects.filter(
            Q(pk__in=signed.values("petition")) | Q(pk__in=on_paper) | Q(pk__in=wanted)
        )
        .select_related("campaign")
        .annotate(signed_at=Subquery(at[:1]), title=Subquery(titles[:1]))
        .order_by(F("signed_at").desc(nulls_last=True), "-pk")
    )
