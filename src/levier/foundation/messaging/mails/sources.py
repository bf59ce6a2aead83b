"""The template files of a message, made whole: what `Template` rows freeze."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.template.engine import Engine

INCLUDE = re.compile(r'<mj-include path="([\w./-]+)"\s*/>')
DEEPEST = 5


class Source(NamedTuple):
    """The three texts of a template, and what tells them from another edition."""

    subject: str
    mjml: str
    text: str
    sha256: bytes


def pages_engine() -> Engine:
    """The engine of the site's own templates, whose folders and filters mails share."""
    backend = engines["django"]
    if not isinstance(backend, DjangoTemplates):
        raise TypeError("mail templates are Django templates")
    return backend.engine


def _read(name: str) -> str:
    """The text of a template file. Raises TemplateDoesNotExist."""
    return str(pages_engine().find_template(name)[0].source)


def _whole(name: str, depth: int = 0) -> str:
    """The file with its MJML includes put in place, so that the row needs no other file."""
    if depth > DEEPEST:
        raise RecursionError(name)
    return INCLUDE.sub(lambda found: _whole(f"mail/{found[1]}", depth + 1), _read(name)).strip()


@cache
def template_keys() -> tuple[str, ...]:
    """Every template there is, as « signing/thanks », in alphabetical order."""
    folders = [Path(folder) / "mail" for folder in pages_engine().dirs]
    files = {
        path.relative_to(folder).with_suffix("").as_posix()
        for folder in folders
        for path in folder.glob("*/*.mjml")
        if path.with_suffix(".subject.txt").exists() and path.with_suffix(".txt").exists()
    }
    return tuple(sorted(files))


@cache
def source_of(key: str) -> Source:
    """The current files of `templates/mail/<key>.*`. Raises TemplateDoesNotExist."""
    subject, mjml, text = (_whole(f"mail/{key}.{kind}") for kind in ("subject.txt", "mjml", "txt"))
    digest = hashlib.sha256("\0".join((subject, mjml, text)).encode()).digest()
    return Source(subject, mjml, text, digest)
