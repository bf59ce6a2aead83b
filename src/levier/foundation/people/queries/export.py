"""Supporters as a file, with the columns somebody chose."""

from collections.abc import Callable, Generator, Iterable

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levier.foundation.common.csv_copy import computed, copied, moment, one_of, text
from levier.foundation.people.enums import REACHABLE, Channel
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.models.tag import PersonTag
from levier.foundation.people.queries.flags import CHANNELS, PURPOSES, agreed, in_words

#: Columns by name; those of agreements are named "accord:channel:purpose".
COLUMNS: dict[str, str | Promise] = {
    "prenom": gettext_lazy("prénom"),
    "nom": gettext_lazy("nom"),
    "civilite": gettext_lazy("civilité"),
    "courriel": gettext_lazy("courriel"),
    "telephone": gettext_lazy("téléphone"),
    "code_postal": gettext_lazy("code postal"),
    "pays": gettext_lazy("pays"),
    "etiquettes": gettext_lazy("étiquettes"),
    "connue": gettext_lazy("connue depuis"),
    "activite": gettext_lazy("dernière activité"),
}
USUAL = ("prenom", "nom", "code_postal", "pays", "etiquettes")


def columns() -> list[tuple[str, str]]:
    """Every column that can be chosen, with its words."""
    agreements = [
        (f"accord:{c}:{p}", _("accord, %(c)s, %(p)s") % {"c": c.label, "p": in_words(p)})
        for c in CHANNELS
        for p in PURPOSES
    ]
    return [*((name, str(words)) for name, words in COLUMNS.items()), *agreements]


def exported(entries: QuerySet[SearchEntry], chosen: Iterable[str]) -> Generator[bytes, None, None]:
    """One line per person, the columns in the order of `columns`, whatever the order chosen."""
    wanted = set(chosen)
    kept = [(name, words) for name, words in columns() if name in wanted]
    cells = [_cell(name) for name, _words in kept]
    return copied([words for _name, words in kept], entries, cells)


def _cell(name: str) -> Combinable:
    if name.startswith("accord:"):
        _kind, channel, purpose = name.split(":")
        bit = agreed(channel, purpose)
        return one_of(Exact(F("flags").bitand(bit), bit), _("oui"), _("non"))
    made: dict[str, Callable[[], Combinable]] = {
        "prenom": lambda: text("person__first_name"),
        "nom": lambda: text("person__last_name"),
        "civilite": lambda: text("person__honorific"),
        "courriel": lambda: _address(Channel.EMAIL),
        "telephone": lambda: _address(Channel.PHONE),
        "code_postal": lambda: text("person__postcode"),
        "pays": lambda: text("person__country"),
        "etiquettes": _tags,
        "connue": lambda: moment("since"),
        "activite": lambda: moment("last_at"),
    }
    return made[name]()


def _address(channel: Channel) -> Combinable:
    """The first that can be used; an address that is dead or replaced is nobody's to take."""
    points = ContactPoint.objects.filter(
        person=OuterRef("person"), channel=channel, state__in=REACHABLE
    ).exclude(typed="")
    return computed(Subquery(points.order_by("pk").values("typed")[:1]))


def _tags() -> Combinable:
    rows = PersonTag.objects.filter(person=OuterRef("person")).order_by().values("person")
    named = rows.annotate(names=StringAgg("tag__name", ", ", order_by="tag__folded"))
    return computed(Subquery(named.values("names")))
