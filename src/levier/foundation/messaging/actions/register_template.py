from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.mails.sources import Source, source_of
from levier.foundation.messaging.models.template import Template
from levier.foundation.people.enums import Channel

ATTEMPTS = 5  # two workers may freeze the same new file at the same time


def register_template(key: str, *, now: datetime, language: str = "fr") -> Template:
    """The frozen row of the current files of a template, made on first use.

    `key` is such as "signing/thanks". A changed file becomes a new edition, so that what left
    can be shown later. Raises TemplateDoesNotExist, and what MJML or Django say of a wrong file.
    """
    source = source_of(key)
    for _ in range(ATTEMPTS):
        found = Template.objects.filter(key=key, language=language, sha256=source.sha256).first()
        template = found or _freeze(key, language, source, now)
        if template is not None:
            return template
    raise RuntimeError(f"template {key} could not be frozen")


def _freeze(key: str, language: str, source: Source, now: datetime) -> Template | None:
    last = Template.objects.filter(key=key, language=language).aggregate(n=Max("n"))["n"]
    template = Template(
        key=key,
        n=(last or 0) + 1,
        channel=Channel.EMAIL,
        language=language,
        subject=source.subject,
        mjml=source.mjml,
        text=source.text,
        sha256=source.sha256,
        created_at=now,
    )
    compiled(template)  # a file that cannot be compiled is refused here, not at the first reader
    try:
        with transaction.atomic():
            template.save(force_insert=True)
    except IntegrityError:
        return None
    return template
