"""The conditions that can be set on people by what this package knows of them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from levier.foundation.common.countries import country_names
from levier.foundation.common.folding import folded
from levier.foundation.common.typography import day, number
from levier.foundation.people.enums import Channel
from levier.foundation.people.models.search import SearchWords
from levier.foundation.people.models.tag import Tag
from levier.foundation.people.queries.conditions.kinds import Asked, Choices, Kind, Parameter, Sort
from levier.foundation.people.queries.flags import CHANNELS, PURPOSES, agreed, in_words, reachable
from levier.foundation.people.queries.words import found_by

FEW = 10_000  # people named one by one
# What « 2A » and « 2B » are in postcodes.
_CORSICA = {"2A": ("200", "201"), "2B": ("202", "206")}


def midnight(at: date) -> datetime:
    """When a day starts here."""
    return timezone.make_aware(datetime(at.year, at.month, at.day))  # noqa: DTZ001


def between(name: str, asked: Asked) -> Q:
    """A moment between two days, both included, either of which may be left out."""
    found = Q()
    if "du" in asked.values:
        found &= Q(**{f"{name}__gte": midnight(asked["du"])})
    if "au" in asked.values:
        found &= Q(**{f"{name}__lt": midnight(asked["au"] + timedelta(days=1))})
    return found


def days_in_words(asked: Asked) -> str:
    """« depuis le 2 mars 2026 », « jusqu’au 3 avril 2026 », « du … au … »."""
    if "au" not in asked.values:
        return _("depuis le %(du)s") % {"du": day(asked["du"])}
    if "du" not in asked.values:
        return _("jusqu’au %(au)s") % {"au": day(asked["au"])}
    return _("du %(du)s au %(au)s") % {"du": day(asked["du"]), "au": day(asked["au"])}


def two_days() -> tuple[Parameter, Parameter]:
    """Two days, either of which may be left out, not both."""
    return (
        Parameter(name="du", label=gettext_lazy("Depuis le"), sort=Sort.DAY, required=False),
        Parameter(name="au", label=gettext_lazy("Jusqu’au"), sort=Sort.DAY, required=False),
    )


def has(bit: int) -> Q:
    """Entries that have a flag."""
    return Q(Exact(F("flags").bitand(bit), bit))


def _tags(organisation: int) -> Choices:
    rows = Tag.objects.filter(organisation=organisation).order_by("folded")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _agreements(_organisation: int) -> Choices:
    return [(f"{c}:{p}", f"{c.label}, {in_words(p)}") for c in CHANNELS for p in PURPOSES]


def _channels(_organisation: int) -> Choices:
    return Channel.choices


def _countries(_organisation: int) -> Choices:
    return sorted(country_names().items(), key=lambda pair: folded(pair[1]))


def _by_words(asked: Asked) -> Q:
    """Few people are named one by one; many are met on the way down the list. PostgreSQL cannot
    tell how many a beginning of a word finds: it is asked first."""
    found = found_by(asked["mots"])
    if found is None:
        return Q(pk__isnull=True)
    people = SearchWords.objects.filter(found, organisation=asked.organisation)
    few = list(people.values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return Q(_among(few))
    return Q(Exists(SearchWords.objects.filter(found, pk=OuterRef("pk"))))


def _among(people: list[int]) -> Func:
    """Entries of these people: one array, not thousands of parameters to read and plan."""
    given = Value(people, output_field=ArrayField(BigIntegerField()))
    return Func(
        F("pk"),
        given,
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def _by_postcode(asked: Asked) -> Q:
    typed = "".join(asked["debut"].split()).upper()
    starts = _CORSICA.get(typed, (typed,))
    return reduce(or_, (Q(postcode__startswith=start) for start in starts))


def _active(asked: Asked) -> Q:
    return Q(last_at__gte=asked.now - timedelta(days=asked["jours"]))


def _days(asked: Asked) -> str:
    n = asked["jours"]
    return ngettext("le dernier jour", "les %(n)s derniers jours", n) % {"n": number(n)}


def _about(sentence: Callable[[], str], name: str) -> Callable[[Asked], str]:
    """A sentence that quotes one label."""
    return lambda asked: sentence() % {"what": asked.labels[name]}


def _agreement(asked: Asked) -> Q:
    channel, purpose = asked["accord"].split(":")
    return has(agreed(channel, purpose))


WORDS = Kind(
    name="mots",
    label=gettext_lazy("Nom, courriel, téléphone"),
    parameters=(Parameter(name="mots", label=gettext_lazy("Mots"), sort=Sort.TEXT),),
    narrows=_by_words,
    says=_about(lambda: _("se trouvent en cherchant « %(what)s »"), "mots"),
    says_not=_about(lambda: _("ne se trouvent pas en cherchant « %(what)s »"), "mots"),
)
TAG = Kind(
    name="etiquette",
    label=gettext_lazy("Étiquette"),
    parameters=(
        Parameter(
            name="etiquette", label=gettext_lazy("Étiquette"), sort=Sort.CHOICE, choices=_tags
        ),
    ),
    narrows=lambda asked: Q(tags__contains=[int(asked["etiquette"])]),
    says=_about(lambda: _("portent l’étiquette « %(what)s »"), "etiquette"),
    says_not=_about(lambda: _("ne portent pas l’étiquette « %(what)s »"), "etiquette"),
)
AGREEMENT = Kind(
    name="accord",
    label=gettext_lazy("Accord"),
    parameters=(
        Parameter(
            name="accord", label=gettext_lazy("Accord"), sort=Sort.CHOICE, choices=_agreements
        ),
    ),
    narrows=_agreement,
    says=_about(lambda: _("ont donné leur accord (%(what)s)"), "accord"),
    says_not=_about(lambda: _("n’ont pas donné leur accord (%(what)s)"), "accord"),
)
REACHABLE = Kind(
    name="joignable",
    label=gettext_lazy("Joignable par"),
    parameters=(
        Parameter(name="canal", label=gettext_lazy("Canal"), sort=Sort.CHOICE, choices=_channels),
    ),
    narrows=lambda asked: has(reachable(asked["canal"])),
    says=_about(lambda: _("ont une adresse ou un numéro valable (%(what)s)"), "canal"),
    says_not=_about(lambda: _("n’ont ni adresse ni numéro valable (%(what)s)"), "canal"),
)
POSTCODE = Kind(
    name="lieu",
    label=gettext_lazy("Code postal ou département"),
    parameters=(
        Parameter(
            name="debut",
            label=gettext_lazy("Code postal ou département"),
            sort=Sort.TEXT,
            example=gettext_lazy("35, 35000 ou 2A"),
        ),
    ),
    narrows=_by_postcode,
    says=_about(lambda: _("ont un code postal qui commence par %(what)s"), "debut"),
    says_not=_about(lambda: _("n’ont pas de code postal qui commence par %(what)s"), "debut"),
)
COUNTRY = Kind(
    name="pays",
    label=gettext_lazy("Pays"),
    parameters=(
        Parameter(name="pays", label=gettext_lazy("Pays"), sort=Sort.CHOICE, choices=_countries),
    ),
    narrows=lambda asked: Q(country=asked["pays"]),
    says=_about(lambda: _("habitent ce pays\u00a0: %(what)s"), "pays"),
    says_not=_about(lambda: _("habitent un autre pays que\u00a0: %(what)s"), "pays"),
)
SINCE = Kind(
    name="connue",
    label=gettext_lazy("Première rencontre"),
    parameters=two_days(),
    needs_one=True,
    narrows=lambda asked: between("since", asked),
    says=lambda asked: _("nous sont connues %(when)s") % {"when": days_in_words(asked)},
    says_not=lambda asked: (
        _("nous sont connues à un autre moment que %(when)s") % {"when": days_in_words(asked)}
    ),
)
LAST_ACTIVITY = Kind(
    name="activite",
    label=gettext_lazy("Dernière activité"),
    parameters=two_days(),
    needs_one=True,
    narrows=lambda asked: between("last_at", asked),
    says=lambda asked: _("ont agi pour la dernière fois %(when)s") % {"when": days_in_words(asked)},
    says_not=lambda asked: (
        _("n’ont pas agi pour la dernière fois %(when)s") % {"when": days_in_words(asked)}
    ),
)
ACTIVE = Kind(
    name="active",
    label=gettext_lazy("A agi récemment"),
    parameters=(Parameter(name="jours", label=gettext_lazy("Jours"), sort=Sort.NUMBER),),
    narrows=_active,
    says=lambda asked: _("ont agi dans %(when)s") % {"when": _days(asked)},
    says_not=lambda asked: _("n’ont rien fait dans %(when)s") % {"when": _days(asked)},
)
PEOPLE_KINDS = (WORDS, TAG, AGREEMENT, REACHABLE, POSTCODE, COUNTRY, SINCE, LAST_ACTIVITY, ACTIVE)
