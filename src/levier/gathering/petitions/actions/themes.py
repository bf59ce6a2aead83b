"""The site's own list of what petitions are about: its names, its order.

A theme's address is made from its first name and stays: links to it go on working.
"""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import Theme
from levier.foundation.common.folding import words
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.errors import BadTheme, ThemeTaken
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.themes import NAME_LENGTH, SLUG_LENGTH


@transaction.atomic
def add_theme(*, name: str, site: Organisation, by: User, now: datetime) -> Theme:
    """Last of the list. Raises BadTheme, ThemeTaken. `site` keeps the log."""
    themes = _locked()
    name = _checked(name, themes)
    theme = Theme.objects.create(
        slug=_free_slug(name, {one.slug for one in themes}),
        name=name,
        position=max((one.position for one in themes), default=0) + 1,
    )
    _audit(site, "add_theme", theme, by, now, name=name)
    return theme


@transaction.atomic
def rename_theme(*, theme: Theme, name: str, site: Organisation, by: User, now: datetime) -> Theme:
    """The same theme under another name, for the same petitions. Raises BadTheme, ThemeTaken."""
    themes = _locked()
    name = _checked(name, [one for one in themes if one.pk != theme.pk])
    if name != theme.name:
        theme.name = name
        theme.save(update_fields=["name"])
        _audit(site, "rename_theme", theme, by, now, name=name)
    return theme


@transaction.atomic
def move_theme(*, theme: Theme, up: bool, site: Organisation, by: User, now: datetime) -> None:
    """One place up or down; at an end, nothing happens."""
    themes = _locked()
    place = next((n for n, one in enumerate(themes) if one.pk == theme.pk), None)
    if place is None or not 0 <= (other := place - 1 if up else place + 1) < len(themes):
        return
    themes[place], themes[other] = themes[other], themes[place]
    for n, one in enumerate(themes, start=1):
        one.position = n
    Theme.objects.bulk_update(themes, ["position"])
    _audit(site, "move_theme", theme, by, now, place=other + 1)


@transaction.atomic
def remove_theme(*, theme: Theme, site: Organisation, by: User, now: datetime) -> int:
    """Forget it; its petitions stay, under no theme. Returns how many they are."""
    left = Petition.objects.filter(theme=theme).update(theme=None)
    _audit(site, "remove_theme", theme, by, now, petitions=left)
    theme.delete()
    return left


def _locked() -> list[Theme]:
    return list(Theme.objects.select_for_update().order_by("position", "name"))


def _checked(name: str, others: list[Theme]) -> str:
    name = " ".join(name.split())
    if not words(name) or len(name) > NAME_LENGTH:
        raise BadTheme
    if words(name) in [words(one.name) for one in others]:
        raise ThemeTaken
    return name


def _free_slug(name: str, taken: set[str]) -> str:
    wanted = slugify(" ".join(words(name)))[: SLUG_LENGTH - 4].strip("-") or "theme"
    candidates = (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def _audit(
    site: Organisation, act: str, theme: Theme, by: User, now: datetime, **facts: str | int
) -> None:
    body = {"act": f"petitions.{act}", "theme": theme.slug, **facts}
    append_audit(scope=site.pk, body=body, by=by.pk, now=now)
