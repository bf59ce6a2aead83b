"""Advice beside the composer: vary, do not tire anybody, do not disappear. It never blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.typography import number
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import AskKind, UpdateKind
from levier.gathering.updates.queries.desk import last_published
from levier.gathering.updates.queries.facts import Facts, facts_for

AGAIN = 2  # in a row, and it is said
SILENCE = timedelta(days=30)
SOON = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Idea:
    """A kind of news to think of, and why."""

    kind: str
    why: str

    @property
    def label(self) -> str:
        """« Vos témoignages »."""
        return str(UpdateKind(self.kind).label)


@dataclass(frozen=True, kw_only=True)
class Variety:
    """What repeats itself, in sentences, and what was never tried."""

    repeated: Sequence[str]
    ideas: Sequence[Idea]


@dataclass(frozen=True, kw_only=True)
class QuietTime:
    """Nothing new happened: what to do instead of writing for nothing (U11)."""

    sentence: str
    ideas: Sequence[Idea]
    unsubscribed: int  # after the last update
    unsubscribed_sentence: str


def variety(petition: Petition, *, now: datetime, kind: str = "", ask: str = "") -> Variety:
    """Over the last five updates: the kind or the ask that repeats, the one being written
    included, and kinds never used that facts support (U10)."""
    facts = facts_for(petition)
    kinds = [kind, *(told.kind for told in facts.told)] if kind else [t.kind for t in facts.told]
    asks = [ask, *(told.ask for told in facts.told)] if ask else [t.ask for t in facts.told]
    ideas = [idea for idea in _supported(facts, now) if idea.kind not in facts.kinds_used]
    return Variety(repeated=_repeated(kinds, asks), ideas=[i for i in ideas if i.kind != kind])


def quiet_time_advice(petition: Petition) -> QuietTime | None:
    """« Et s’il ne se passe rien ? », once an update left and nothing happened since; None when
    there is news, or nothing was ever told."""
    facts = facts_for(petition)
    if facts.last_at is None or not facts.is_quiet:
        return None
    n = facts.last_unsubscribed
    left = ngettext(
        "%(n)s personne s’est désabonnée après la dernière mise à jour.",
        "%(n)s personnes se sont désabonnées après la dernière mise à jour.",
        n,
    )
    return QuietTime(
        sentence=_(
            "Ne spammez pas vos signataires\u00a0: rien de nouveau depuis la dernière mise à jour."
        ),
        ideas=[
            Idea(kind=UpdateKind.TESTIMONY, why=_("Demandez à quelques personnes de témoigner.")),
            Idea(kind=UpdateKind.ADVICE, why=_("Demandez un conseil, un contact.")),
            Idea(kind=UpdateKind.LAUNCH, why=_("Proposez de lancer une pétition à leur tour.")),
        ],
        unsubscribed=n,
        unsubscribed_sentence=left % {"n": number(n)},
    )


def silence_line(petition: Petition, *, now: datetime) -> str:
    """One line for the team's dashboard after thirty days without an update, nothing to
    signatories (U12); empty when all is well, or the petition is over."""
    if petition.state not in {PetitionState.OPEN, PetitionState.PAUSED}:
        return ""
    last = last_published(petition)
    since = last.published_at if last else petition.published_at
    if since is None or now - since < SILENCE:
        return ""
    days = {"n": number((now - since).days)}
    if last is None:
        told = _(
            "Ouverte depuis %(n)s jours, sans une nouvelle\u00a0: "
            "vos signataires aimeraient savoir où vous en êtes."
        )
    else:
        told = _(
            "Pas de nouvelle depuis %(n)s jours\u00a0: "
            "vos signataires aimeraient savoir où vous en êtes."
        )
    return told % days


def _repeated(kinds: Sequence[str], asks: Sequence[str]) -> list[str]:
    said = []
    if (n := _in_a_row(asks)) >= AGAIN:
        told = _("%(n)s fois de suite la même demande\u00a0: %(what)s. %(instead)s")
        instead = _instead(asks[0])
        what = AskKind(asks[0]).label
        said.append(told % {"n": _count(n), "what": str(what).lower(), "instead": instead})
    if (n := _in_a_row(kinds)) >= AGAIN:
        told = _("%(n)s nouvelles de suite du même genre\u00a0: « %(what)s ».")
        said.append(told % {"n": _count(n), "what": UpdateKind(kinds[0]).label})
    return said


def _in_a_row(values: Sequence[str]) -> int:
    return sum(1 for _same in takewhile(lambda one: one == values[0], values))


def _count(n: int) -> str:
    words = {2: _("Deux"), 3: _("Trois"), 4: _("Quatre"), 5: _("Cinq"), 6: _("Six")}
    return words.get(n, number(n))


def _instead(ask: str) -> str:
    if ask == AskKind.TESTIFY:
        return _("Et si vous demandiez un conseil\u202f?")
    return _("Et si vous demandiez un témoignage\u202f?")


def _supported(facts: Facts, now: datetime) -> Iterable[Idea]:
    """What facts give a reason for; the first two kinds need none."""
    if facts.won:
        yield Idea(kind=UpdateKind.VICTORY, why=_("La victoire est déclarée\u00a0: racontez-la."))
    if facts.articles:
        told = ngettext(
            "%(n)s article n’a pas encore été partagé.",
            "%(n)s articles n’ont pas encore été partagés.",
            facts.articles,
        )
        yield Idea(kind=UpdateKind.ARTICLE, why=told % {"n": number(facts.articles)})
    if facts.milestone:
        told = _("Vous venez de passer %(n)s signatures.")
        yield Idea(kind=UpdateKind.MILESTONE, why=told % {"n": number(facts.milestone)})
    if facts.closes_at and now < facts.closes_at <= now + SOON:
        yield Idea(
            kind=UpdateKind.EVENT,
            why=_("La pétition ferme bientôt\u00a0: invitez à la remise des signatures."),
        )
    yield Idea(
        kind=UpdateKind.TESTIMONY,
        why=_("Jamais demandé\u00a0: des témoignages touchent la presse et qui décide."),
    )
    yield Idea(
        kind=UpdateKind.ADVICE,
        why=_("Jamais demandé\u00a0: quelqu’un connaît sans doute quelqu’un."),
    )
