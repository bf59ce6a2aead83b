"""P2: what a demand still lacks before anyone can say whether it was met."""

import pytest

from levier.gathering.petitions.rules.concreteness import Missing, concreteness

ALL = (Missing.WHO, Missing.VERB, Missing.RESULT, Missing.DATE)


@pytest.mark.parametrize(
    ("ask", "missing"),
    [
        ("Justice !", ALL),
        ("", ALL),
        ("Plus de vélos pour un monde meilleur", ALL),
        ("La mairie doit faire quelque chose", (Missing.RESULT, Missing.DATE)),
        ("Améliorer la vie du quartier avant 2027", (Missing.WHO, Missing.RESULT)),
        ("Nous demandons à Mme Diallo de faire voter une piste cyclable", (Missing.DATE,)),
        ("Faire voter la piste cyclable avant l’été 2027", (Missing.WHO,)),
        ("Monsieur le ministre, abandonnez ce projet", (Missing.DATE,)),
        (
            (
                "Nous demandons à Mme Diallo de faire voter, avant l’été 2027, une piste cyclable "
                "protégée et continue sur les 1,4 km de la rue des Lilas."
            ),
            (),
        ),
        (
            (
                "Nous demandons au procureur d’abandonner les poursuites contre Nour S. "
                "d’ici au 1er mars."
            ),
            (),
        ),
        ("Khady Diallo doit agir", (Missing.RESULT, Missing.DATE)),
        ("Que la Ville ouvre dix places d’hébergement avant le 15 décembre", ()),
    ],
)
def test_P02_each_thing_missing_is_named(ask: str, missing: tuple[Missing, ...]) -> None:
    assert concreteness(ask) == missing


def test_P02_a_name_already_known_is_somebody() -> None:
    ask = "Que Diallo signe la convention avant juin"
    assert concreteness(ask) == (Missing.WHO,)
    assert concreteness(ask, deciders=["Diallo"]) == ()


def test_P02_a_year_is_not_a_result() -> None:
    assert Missing.RESULT in concreteness("La mairie doit agir avant 2027")
