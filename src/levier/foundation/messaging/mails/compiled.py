"""A template compiled once for good: MJML becomes HTML with the variables still in it, so that
a person's mail costs three fillings and no MJML. What a person typed never meets the MJML parser.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import mrml
from django.template import Context, Engine
from django.template import Template as DjangoTemplate
from django.utils import translation

from levier.foundation.messaging.errors import MissingVariable
from levier.foundation.messaging.mails.sources import pages_engine
from levier.foundation.messaging.models.template import Template

CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
BLANK_LINES = re.compile(r"\n\s*\n(\s*\n)+")
KEPT = 200  # compiled templates
# Between two attributes of a tag a line may end: MJML makes lines that no mail may have (RFC 5322).
BETWEEN_ATTRIBUTES = re.compile(r'(?<=") (?=[a-z-]+=")')
NO_WEB_FONT = mrml.RenderOptions(fonts={})  # else « Open Sans » is fetched from a third party


class _Refusing(str):
    """Django's `string_if_invalid` that refuses instead of leaving a hole (J8)."""

    __slots__ = ()

    def __mod__(self, name: Any) -> str:
        raise MissingVariable(str(name))


@cache
def _engine() -> Engine:
    site = pages_engine()
    return Engine(
        builtins=[name for name in site.builtins if name not in Engine.default_builtins],
        string_if_invalid=_Refusing("%s"),
    )


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What one person reads."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """The three parts of a template, ready to be filled."""

    key: str
    language: str
    subject: DjangoTemplate
    html: DjangoTemplate
    text: DjangoTemplate

    def fill(self, variables: Mapping[str, Any]) -> Rendered:
        """Write one person's mail. A variable that is None is missing.

        Raises MissingVariable when a variable is printed and not there.
        """
        context = {name: value for name, value in variables.items() if value is not None}
        try:
            with translation.override(self.language):
                subject = self.subject.render(Context(context, autoescape=False))
                text = self.text.render(Context(context, autoescape=False))
                html = self.html.render(Context({**context, "subject": one_line(subject)}))
        except MissingVariable as error:
            raise MissingVariable(error.name, self.key) from error
        return Rendered(subject=one_line(subject), html=html, text=one_text(text))


def compiled(template: Template) -> Compiled:
    """The compiled template, kept by its content."""
    return _compiled(
        template.key, template.language, template.subject, template.mjml, template.text
    )


@lru_cache(KEPT)
def _compiled(key: str, language: str, subject: str, mjml: str, text: str) -> Compiled:
    html = BETWEEN_ATTRIBUTES.sub("\n", mrml.to_html(mjml, None, NO_WEB_FONT).content)
    return Compiled(
        key=key,
        language=language,
        subject=DjangoTemplate(subject, engine=_engine()),
        html=DjangoTemplate(html, engine=_engine()),
        text=DjangoTemplate(text, engine=_engine()),
    )


def one_line(subject: str) -> str:
    """A header has one line, whatever was typed in the names it quotes (J11)."""
    return CONTROL.sub(" ", subject).strip(" ")


def one_text(text: str) -> str:
    """Plain text as it is sent: what was left out leaves no hole."""
    return BLANK_LINES.sub("\n\n", text).strip() + "\n"
