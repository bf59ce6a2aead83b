"""What readers share is written once, and changes nothing to what each reads."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levier.foundation.messaging.channels.mime import Letter, build
from levier.foundation.messaging.channels.mould import Mould
from levier.foundation.messaging.errors import MissingVariable
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.mails.prepared import prepared
from levier.foundation.messaging.models.template import Template
from tests.cast import NOW

TEMPLATE = Template(
    key="essai/essai",
    language="fr",
    subject="{% if rank %}{{ rank|ordinal }}{% endif %} {{ first_name }} · {{ title }}",
    mjml=(
        "<mjml><mj-body><mj-section><mj-column><mj-text>{{ subject }} {{ first_name }},"
        "{% if rank > 1 %}{% blocktranslate with r=rank|ordinal %}{{ r }}{% endblocktranslate %}"
        '{% endif %} {{ title }} {% if team %}{{ team }}{% endif %} <a href="{{ link }}">ici</a>'
        "</mj-text></mj-column></mj-section></mj-body></mjml>"
    ),
    text=(
        "Bonjour{% if first_name %} {{ first_name }}{% endif %},\n\n{{ extra }}\n\n"
        "{% with name=first_name %}{{ name }}{% endwith %}\n{{ link }}\n"
    ),
)
SHARED = {"title": "Une piste « cyclable » & sûre", "team": "", "extra": None}
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40)
OWN = st.fixed_dictionaries(
    {
        "first_name": WORDS,
        "rank": st.integers(0, 3),
        "extra": WORDS | st.just("une ligne\n\n\n\n.une autre"),
        "link": st.just("https://exemple.fr/?a=1&b=2"),
    }
)


def whole(subject: str, html: str | bytes, text: str) -> bytes:
    letter = Letter(
        message_id="<d1.x@exemple.fr>",
        sender_name="Valmont",
        sender="a@exemple.fr",
        recipient="b@exemple.fr",
        subject=subject,
        text=text,
        html=html,
        date=NOW,
    )
    return build(replace(letter, html=html), eight_bit=True)


@given(first=OWN, own=OWN)
def test_J11_the_bytes_are_those_of_a_mail_written_alone(
    first: dict[str, Any], own: dict[str, Any]
) -> None:
    alone = compiled(TEMPLATE).fill({**SHARED, **own})
    shared = prepared(compiled(TEMPLATE), shared=SHARED, own=first)
    assert shared.rendered(own) == alone
    subject, words, text = shared.fill(own)
    body = Mould(shared.html.shared).fill(words)
    if body is not None:
        assert whole(subject, body, text) == whole(alone.subject, alone.html, alone.text)


@given(readers=st.lists(OWN, min_size=2, max_size=12))
def test_J11_what_one_reader_is_told_never_reaches_another(readers: list[dict[str, Any]]) -> None:
    shared = prepared(compiled(TEMPLATE), shared=SHARED, own=readers[0])
    for own in [*readers, *readers]:
        assert shared.rendered(own) == compiled(TEMPLATE).fill({**SHARED, **own})


def test_a_node_that_looks_further_for_some_forgets_what_it_knew() -> None:
    text = "{% if kind == 'a' %}{{ name }}{% else %}{{ place }}{% endif %}"
    template = Template(key="b/b", language="fr", subject="-", mjml=TEMPLATE.mjml, text=text)
    letter = replace(compiled(template), html=compiled(TEMPLATE).subject)
    own = {"first_name": "", "rank": 0, "title": "", "kind": "a", "name": "Awa", "place": "Lyon"}
    shared = prepared(letter, shared={}, own=own)
    told = [("a", "Awa", "Lyon"), ("b", "Awa", "Lyon"), ("b", "Awa", "Brest"), ("a", "Li", "Lyon")]
    for kind, name, place in [*told, *told]:
        reader = {**own, "kind": kind, "name": name, "place": place}
        assert shared.rendered(reader).text == (f"{name}\n" if kind == "a" else f"{place}\n")


def test_most_of_a_mail_is_shared() -> None:
    own = {"first_name": "Awa", "rank": 2, "extra": "x", "link": "https://exemple.fr/"}
    shared = prepared(compiled(TEMPLATE), shared=SHARED, own=own)
    page = compiled(TEMPLATE).fill({**SHARED, **own}).html
    assert sum(map(len, shared.html.shared)) > len(page) - 200
    assert Mould(shared.html.shared).fill(shared.fill(own)[1]) == page.encode().replace(
        b"\n", b"\r\n"
    )


def test_a_line_that_would_be_too_long_is_written_the_general_way() -> None:
    assert Mould(["<p>", "</p>"]).fill(["x" * 2_000]) is None
    assert Mould(["<p>", "</p>"]).fill(["deux\nlignes"]) is None
    assert Mould(["<p>", "</p>"]).fill(["é"]) == "<p>é</p>".encode()


def test_J8_a_missing_variable_is_named() -> None:
    with pytest.raises(MissingVariable, match=r"link.*essai/essai"):
        prepared(compiled(TEMPLATE), shared=SHARED, own={"first_name": "", "rank": 0, "extra": "x"})
