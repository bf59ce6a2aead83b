"""What an ask brought, in a sentence: while it is open, and once it is closed (U44, U56)."""

from django.utils.translation import ngettext

from levier.foundation.common.typography import number
from levier.gathering.updates.enums import AskKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.queries.responses import Born, Seats, born_of, seats_of


def results_of(ask: Ask) -> list[str]:
    """One sentence for each thing; nothing while nobody answered. « Disent » : nobody checks it."""
    if ask.kind == AskKind.ATTEND:
        return _event(seats_of(ask))
    if ask.kind == AskKind.LAUNCH:
        return _born(born_of(ask.update.petition))
    return [_done(ask) % {"n": number(ask.done)}] if ask.done else []


def _done(ask: Ask) -> str:
    n = ask.done
    return {
        AskKind.EMAIL: lambda: ngettext(
            "%(n)s personne dit avoir écrit.", "%(n)s personnes disent avoir écrit.", n
        ),
        AskKind.CALL: lambda: ngettext(
            "%(n)s personne dit avoir appelé.", "%(n)s personnes disent avoir appelé.", n
        ),
        AskKind.TWEET: lambda: ngettext(
            "%(n)s personne dit avoir publié un message.",
            "%(n)s personnes disent avoir publié un message.",
            n,
        ),
        AskKind.FACEBOOK: lambda: ngettext(
            "%(n)s personne dit avoir publié un message.",
            "%(n)s personnes disent avoir publié un message.",
            n,
        ),
        AskKind.SHARE: lambda: ngettext(
            "%(n)s personne dit avoir partagé.", "%(n)s personnes disent avoir partagé.", n
        ),
        AskKind.ADVISE: lambda: ngettext(
            "%(n)s personne a donné un conseil ou un contact.",
            "%(n)s personnes ont donné un conseil ou un contact.",
            n,
        ),
        AskKind.TESTIFY: lambda: ngettext(
            "%(n)s personne a raconté son expérience.",
            "%(n)s personnes ont raconté leur expérience.",
            n,
        ),
    }.get(
        AskKind(ask.kind),
        lambda: ngettext(
            "%(n)s personne a laissé un mot.", "%(n)s personnes ont laissé un mot.", n
        ),
    )()


def _event(seats: Seats) -> list[str]:
    said = []
    coming = seats.seated
    if coming:
        sentence = ngettext("%(n)s personne vient.", "%(n)s personnes viennent.", coming)
        said.append(sentence % {"n": number(coming)})
    if seats.maybe:
        sentence = ngettext(
            "%(n)s autre viendra peut-être.", "%(n)s autres viendront peut-être.", seats.maybe
        )
        said.append(sentence % {"n": number(seats.maybe)})
    if seats.waiting:
        sentence = ngettext("%(n)s attend une place.", "%(n)s attendent une place.", seats.waiting)
        said.append(sentence % {"n": number(seats.waiting)})
    return said


def event_is_over(seats: Seats) -> list[str]:
    """Once it took place: who was there, as the team counted them, else who had said yes."""
    if seats.present:
        sentence = ngettext(
            "%(n)s personne est venue.", "%(n)s personnes sont venues.", seats.present
        )
        return [sentence % {"n": number(seats.present)}]
    if not seats.seated:
        return []
    sentence = ngettext(
        "%(n)s personne avait dit oui.", "%(n)s personnes avaient dit oui.", seats.seated
    )
    return [sentence % {"n": number(seats.seated)}]


def _born(born: Born) -> list[str]:
    if not born.published:
        return []
    sentence = ngettext(
        "%(n)s pétition est née de celle-ci",
        "%(n)s pétitions sont nées de celle-ci",
        born.published,
    )
    signed = ngettext(
        ", et %(n)s personne l’a signée.", ", et %(n)s personnes les ont signées.", born.signatures
    )
    end = signed % {"n": number(born.signatures)} if born.signatures else "."
    return [sentence % {"n": number(born.published)} + end]
