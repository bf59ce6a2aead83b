"""French full-text search by PostgreSQL itself: no extension, accents typed or not.

The same expressions make the index and ask it: change one, and the other follows.
"""

from collections.abc import Mapping
from functools import reduce
from operator import add

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable

CONFIG = "french"
ACCENTS = ("àâäáãçéèêëíìîïñóòôöõúùûüýÿ’", "aaaaaceeeeiiiinooooouuuuyy'")


def plain(text: Combinable) -> Func:
    """Lower case without accents, in PostgreSQL."""
    return Func(
        Func(text, function="lower"),
        Value(ACCENTS[0]),
        Value(ACCENTS[1]),
        function="translate",
        output_field=TextField(),
    )


def text_vector(weights: Mapping[str, str], *, under: str = "") -> Combinable:
    """What can be found in some columns (name → weight), `under` a relation's path."""
    return reduce(
        add,
        (
            SearchVector(plain(F(f"{under}{name}")), weight=weight, config=CONFIG)
            for name, weight in weights.items()
        ),
    )


def every_word(typed: str) -> SearchQuery:
    """All the words typed, with « guillemets » and minus as search engines take them."""
    return SearchQuery(plain(Value(typed)), config=CONFIG, search_type="websearch")


def any_word(typed: str) -> SearchQuery:
    """Any of the words typed: what looks alike, the rank says how much."""
    return AnyWord(plain(Value(typed)), config=CONFIG)


class AnyWord(SearchQuery):
    """« a & b » of PostgreSQL's own parsing turned into « a | b »; nothing typed is an operator."""

    template = "replace(plainto_tsquery(%(expressions)s)::text, '&', '|')::tsquery"
