"""What a message says, frozen when it is first said."""

from datetime import datetime

import pytest
from django.db import ProgrammingError, transaction
from django.template import TemplateDoesNotExist

from levier.foundation.messaging.actions.queue import Recipient, queue
from levier.foundation.messaging.actions.register_template import register_template
from levier.foundation.messaging.errors import MissingVariable
from levier.foundation.messaging.mails import sources
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.mails.sources import Source, source_of
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.template import Template
from tests.foundation.messaging.conftest import make_point

pytestmark = pytest.mark.django_db
KEY = "signing/my_link"
SIGNING = ("thanks", "already", "reminder", "confirmation", "withdrawn", "my_link")


def test_the_same_files_are_the_same_row(now: datetime) -> None:
    first = register_template(KEY, now=now)
    assert register_template(KEY, now=now).pk == first.pk
    assert (first.n, first.created_at) == (1, now)


def test_a_changed_file_is_a_new_edition_and_the_old_one_stays(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = register_template(KEY, now=now)
    changed = Source("Nouveau", first.mjml, first.text, b"x" * 32)
    monkeypatch.setattr(
        "levier.foundation.messaging.actions.register_template.source_of", lambda key: changed
    )
    second = register_template(KEY, now=now)
    assert (second.n, second.subject) == (2, "Nouveau")
    assert Template.objects.get(n=1).subject == first.subject


def test_what_was_said_cannot_be_changed(now: datetime) -> None:
    template = register_template(KEY, now=now)
    template.subject = "autre chose"
    with pytest.raises(ProgrammingError, match="levier_template"), transaction.atomic():
        template.save()


@pytest.mark.parametrize("name", SIGNING)
def test_a_row_needs_no_other_file(name: str, now: datetime) -> None:
    template = register_template(f"signing/{name}", now=now)
    whole = template.subject + template.mjml + template.text
    assert "mj-include" not in whole
    assert "{% include" not in whole
    html = compiled(template).html.source
    assert "mj-" not in html.replace("mj-column-per-100", "").replace("mj-outlook-group-fix", "")
    assert "https://fonts" not in html
    assert 'lang="fr"' in html


def test_an_unknown_template_is_refused(now: datetime) -> None:
    with pytest.raises(TemplateDoesNotExist):
        register_template("signing/nothing", now=now)


def test_J8_nothing_is_queued_when_somebody_lacks_something(
    message: Message, now: datetime
) -> None:
    points = [make_point(message.organisation, f"{n}@exemple.fr") for n in range(3)]
    contexts = [
        {"first_name": "Awa", "my_url": "x"},
        {"first_name": "", "my_url": "x"},
        {"first_name": "Li"},
    ]
    recipients = [
        Recipient(person=point.person_id, contact_point=point.pk, source="test", context=context)
        for point, context in zip(points, contexts, strict=True)
    ]
    with pytest.raises(MissingVariable, match="my_url"):
        queue(message=message, recipients=recipients, now=now)
    assert Delivery.objects.count() == 0
    queue(message=message, recipients=recipients[:2], now=now)
    assert Delivery.objects.count() == 2


def test_files_are_read_once() -> None:
    source_of.cache_clear()
    assert source_of(KEY) is source_of(KEY)
    assert sources.source_of.cache_info().hits == 1
