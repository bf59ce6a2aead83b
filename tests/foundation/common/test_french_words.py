"""Salutations (J9) and words that change with what follows (J10)."""

import pytest
from django.template import engines

from levier.foundation.common.french_words import de, given_name, greeting, letter_greeting, que


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Paul", "Bonjour Paul,"),
        ("PAUL", "Bonjour Paul,"),
        ("jean-pierre", "Bonjour Jean-Pierre,"),
        ("ANNE MARIE", "Bonjour Anne Marie,"),
        ("éloïse", "Bonjour Éloïse,"),
        ("N'GOLO", "Bonjour N'Golo,"),
        ("McKenna", "Bonjour McKenna,"),
        ("  awa  ", "Bonjour Awa,"),
        ("李", "Bonjour 李,"),
        ("", "Bonjour,"),
        ("   ", "Bonjour,"),
        ("…", "Bonjour,"),
        ("12", "Bonjour,"),
    ],
)
def test_J9_a_mail_greets_by_the_first_name_set_right(typed: str, said: str) -> None:
    assert greeting(typed) == said


def test_J9_a_name_with_both_cases_is_left_alone() -> None:
    assert given_name("Jean de La Fontaine") == "Jean de La Fontaine"
    assert given_name("d’Artagnan") == "d’Artagnan"


@pytest.mark.parametrize(
    ("honorific", "last_name", "said"),
    [
        ("Madame", "TREMBLAY", "Madame Tremblay,"),
        ("Mme", "Diallo", "Madame Diallo,"),
        ("M.", "roux", "Monsieur Roux,"),
        ("", "Tremblay", "Madame, Monsieur,"),
        ("Madame", "", "Madame, Monsieur,"),
        ("Dr", "Tremblay", "Madame, Monsieur,"),
    ],
)
def test_J9_a_letter_never_guesses_the_civility(honorific: str, last_name: str, said: str) -> None:
    assert letter_greeting(honorific, last_name) == said


@pytest.mark.parametrize(
    ("name", "of", "that"),
    [
        ("Amnistie", "d’Amnistie", "qu’Amnistie"),
        ("La Ligue", "de la Ligue", "que la Ligue"),
        ("la Ligue", "de la Ligue", "que la Ligue"),
        ("Le Secours", "du Secours", "que le Secours"),
        ("Les Amis du rail", "des Amis du rail", "que les Amis du rail"),
        ("L’Arche", "de l’Arche", "que l’Arche"),
        ("l'Arche", "de l’Arche", "que l’Arche"),
        ("Valmont à vélo", "de Valmont à vélo", "que Valmont à vélo"),
        ("Évreux", "d’Évreux", "qu’Évreux"),
        ("Œuvre", "d’Œuvre", "qu’Œuvre"),
        ("Hélène", "d’Hélène", "qu’Hélène"),
        ("Hambourg", "de Hambourg", "que Hambourg"),
        ("Hauts-de-France", "de Hauts-de-France", "que Hauts-de-France"),
        ("Yverdon", "d’Yverdon", "qu’Yverdon"),
        ("Yaoundé", "de Yaoundé", "que Yaoundé"),
        ("onze villes", "de onze villes", "que onze villes"),
        ("11 villes", "de 11 villes", "que 11 villes"),
        ("«\u00a0Élan\u00a0»", "de «\u00a0Élan\u00a0»", "que «\u00a0Élan\u00a0»"),
        ("Lesage", "de Lesage", "que Lesage"),
        ("", "de ", "que "),
    ],
)
def test_J10_de_and_que_are_cut_as_one_says_them(name: str, of: str, that: str) -> None:
    assert (de(name), que(name)) == (of, that)


def test_J9_J10_in_every_template() -> None:
    template = engines["django"].from_string(
        '{{ nom|greeting }} {{ nom|given_name }} {{ "Amnistie"|de }} {{ other|que }}'
        "{{ nobody|greeting }}"
    )
    assert (
        template.render({"nom": "PAUL", "other": "<b>"})
        == "Bonjour Paul, Paul d’Amnistie que &lt;b&gt;Bonjour,"
    )
