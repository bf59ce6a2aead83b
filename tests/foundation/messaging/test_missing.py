"""A variable that somebody lacks stops the whole sending, with its name (J8, U33)."""

import pytest

from levier.foundation.messaging.mails.compiled import Compiled, compiled
from levier.foundation.messaging.mails.missing import missing_checks, missing_variables
from levier.foundation.messaging.models.template import Template

MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
    "</mj-body></mjml>"
)


def letter(text: str, subject: str = "Bonjour") -> Compiled:
    return compiled(
        Template(key="test", language="fr", subject=subject, mjml=MJML.format(text), text=text)
    )


def test_U33_all_that_is_missing_is_named_and_counted() -> None:
    found = missing_variables(
        letter("{{ prenom }} de {{ ville }} : {{ petition.titre }}", subject="{{ objet }}"),
        shared={"objet": "Des nouvelles"},
        readers=[
            ({"prenom": "Paul", "ville": "Valmont"}, 9_786),
            ({"prenom": "Awa", "ville": None}, 214),
        ],
    )
    assert found == {"petition.titre": 10_000, "ville": 214}
    told = [check.said for check in missing_checks(found)]
    assert told == [
        "«\u00a0{{ petition.titre }}\u00a0» manque pour 10\u202f000 personnes.",
        "«\u00a0{{ ville }}\u00a0» manque pour 214 personnes.",
    ]
    assert all(check.blocks for check in missing_checks(found))
    assert "valeur de repli" in missing_checks(found)[0].mend


@pytest.mark.parametrize(
    "text", ["Bonjour", "{% if ville %}{{ ville }}{% endif %}", "{{ ville|default:'chez vous' }}"]
)
def test_J8_what_has_a_fallback_is_not_missing(text: str) -> None:
    assert not missing_variables(letter(text), shared={}, readers=[({"ville": ""}, 3)])


def test_J8_one_person_is_singular() -> None:
    found = missing_variables(letter("{{ ville }}"), shared={}, readers=[({}, 1)])
    assert missing_checks(found)[0].said.endswith("manque pour 1 personne.")
