"""A compiled template with all that its readers share already written: what is left is each
reader's own words. The result is that of `Compiled.fill`, to the letter.

Each node of a template is rendered once, and what it looks up is noted. One that asks for nothing
of the reader's is text for good. What the others write depends on nothing but what they look up:
it is kept for the next reader who has the same, such as a first name.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.template import Context
from django.template import Template as DjangoTemplate
from django.template.base import Node, Variable, VariableNode
from django.utils import translation

from levier.foundation.messaging.errors import MissingVariable
from levier.foundation.messaging.mails.compiled import Compiled, Rendered, one_line, one_text

KEPT = 2_000  # texts of one node


class _Watched(Context):
    """A context that notes what of the reader's was asked for."""

    def __init__(self, values: Mapping[str, Any], own: frozenset[str], *, escaped: bool) -> None:
        super().__init__(dict(values), autoescape=escaped)
        self.own = set(own)
        self.asked = set[str]()

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: Any) -> bool:
        self._note(key)
        return super().__contains__(key)

    def get(self, key: Any, otherwise: Any = None) -> Any:
        self._note(key)
        return super().get(key, otherwise)

    def flatten(self) -> dict[Any, Any]:
        self.asked |= self.own
        return super().flatten()

    def _note(self, key: Any) -> None:
        if key in self.own:
            self.asked.add(key)


@dataclass
class Own:
    """A node that asks for something of the reader's."""

    node: Node
    prints: str | None  # the variable, where it does nothing but print one
    asks: tuple[str, ...]
    written: dict[tuple[object, ...], str] = field(default_factory=dict)

    def key(self, values: Mapping[str, Any]) -> tuple[object, ...] | None:
        """What it asks for, as this reader has it; None when it cannot be compared."""
        asked = tuple(values.get(name) for name in self.asks)
        return asked if all(type(one) is str or one is None for one in asked) else None

    def keep(self, key: tuple[object, ...] | None, asked: set[str], words: str) -> None:
        """Remember what it wrote. One that asks for more than was known begins again."""
        if more := asked - set(self.asks):
            self.asks = tuple(sorted({*self.asks, *more}))
            self.written.clear()
        elif key is not None:
            if len(self.written) >= KEPT:
                self.written.clear()
            self.written[key] = words


Piece = str | Own


@dataclass(frozen=True)
class Part:
    """The pieces of one text, and how one reader's pieces are written."""

    template: DjangoTemplate
    pieces: Sequence[Piece]
    names: frozenset[str]
    escaped: bool
    tells: bool  # whether a node leaves a variable to those after it: then all are rendered

    @property
    def own(self) -> list[Own]:
        """What is not shared, in order."""
        return [piece for piece in self.pieces if isinstance(piece, Own)]

    @property
    def is_shared(self) -> bool:
        """Whether all readers get the same."""
        return not self.own

    def words(self, values: Mapping[str, Any]) -> list[str]:
        """What stands in the place of each node, in order."""
        if self.tells:
            return self._rendered(values)
        return [self._word(one, values) for one in self.own]

    def _word(self, one: Own, values: Mapping[str, Any]) -> str:
        if one.prints is not None and type(values.get(one.prints)) is str:
            word = str(values[one.prints])
            return html.escape(word) if self.escaped else word
        key = one.key(values)
        found = one.written.get(key) if key is not None else None
        if found is not None:
            return found
        context = _Watched(values, self.names, escaped=self.escaped)
        with context.render_context.push_state(self.template), context.bind_template(self.template):
            context.asked.clear()
            found = str(one.node.render_annotated(context))
        one.keep(key, context.asked, found)
        return found

    def _rendered(self, values: Mapping[str, Any]) -> list[str]:
        context = Context(dict(values), autoescape=self.escaped)
        with context.render_context.push_state(self.template), context.bind_template(self.template):
            return [str(one.node.render_annotated(context)) for one in self.own]

    @property
    def shared(self) -> list[str]:
        """The texts between the nodes: one more than there are nodes."""
        found = [""]
        for piece in self.pieces:
            if isinstance(piece, str):
                found[-1] += piece
            else:
                found.append("")
        return found

    def whole(self, words: Sequence[str]) -> str:
        """The text, with each reader's words in their places."""
        own = iter(words)
        return "".join(piece if isinstance(piece, str) else next(own) for piece in self.pieces)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The three parts of a template, for readers who have the same names of variables."""

    key: str
    language: str
    shared: Mapping[str, Any]
    subject: Part
    html: Part
    text: Part

    def fill(self, own: Mapping[str, Any]) -> tuple[str, list[str], str]:
        """One reader's subject, words of the HTML part, and text. Raises MissingVariable."""
        values = {**self.shared, **own}
        with _naming(self.key), translation.override(self.language):
            subject = one_line(self.subject.whole(self.subject.words(values)))
            text = one_text(self.text.whole(self.text.words(values)))
            words = self.html.words({**values, "subject": subject})
        return subject, words, text

    def rendered(self, own: Mapping[str, Any]) -> Rendered:
        """The same as `Compiled.fill`."""
        subject, words, text = self.fill(own)
        return Rendered(subject=subject, html=self.html.whole(words), text=text)


def prepared(letter: Compiled, *, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Prepared:
    """Write what is shared, for all readers with the same names as `own`, who is one of them.

    A value that is None is missing, as for `Compiled.fill`. Raises MissingVariable.
    """
    names = frozenset(name for name, value in own.items() if value is not None)
    common = {n: v for n, v in shared.items() if v is not None and n not in own}
    values = {**common, **{name: own[name] for name in names}}
    with _naming(letter.key), translation.override(letter.language):
        subject = _part(letter.subject, values, names, escaped=False)
        text = _part(letter.text, values, names, escaped=False)
        said = one_line(subject.whole(subject.words(values)))
        html_names = names if subject.is_shared else names | {"subject"}
        page = _part(letter.html, {**values, "subject": said}, html_names, escaped=True)
    return Prepared(
        key=letter.key,
        language=letter.language,
        shared=common,
        subject=subject,
        html=page,
        text=text,
    )


def _part(
    template: DjangoTemplate, values: Mapping[str, Any], own: frozenset[str], *, escaped: bool
) -> Part:
    context = _Watched(values, own, escaped=escaped)
    pieces: list[Piece] = []
    tells = False
    with context.render_context.push_state(template), context.bind_template(template):
        for node in template.nodelist:
            before = set(context.dicts[-1])
            context.asked.clear()
            written = str(node.render_annotated(context))
            asked = set(context.asked)
            named = set(context.dicts[-1]) - before  # {% … as name %}: its readers are kept too
            context.own |= named
            tells = tells or bool(named)
            if asked or named:
                pieces.append(Own(node, _only_prints(node), tuple(sorted(asked))))
            elif pieces and isinstance(pieces[-1], str):
                pieces[-1] += written
            else:
                pieces.append(written)
    return Part(template, pieces, own, escaped, tells)


def _only_prints(node: Node) -> str | None:
    """The name that a node prints without doing anything to it; None for any other node."""
    if not isinstance(node, VariableNode) or node.filter_expression.filters:
        return None
    variable = node.filter_expression.var
    if not isinstance(variable, Variable) or variable.lookups is None or variable.translate:
        return None
    return variable.lookups[0] if len(variable.lookups) == 1 else None


@contextmanager
def _naming(key: str) -> Iterator[None]:
    """Say which template lacks a variable."""
    try:
        yield
    except MissingVariable as error:
        raise MissingVariable(error.name, key) from error
