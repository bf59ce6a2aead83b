"""P52: the words that keep a comment from being seen before it is read."""

import pytest

from levier.gathering.petitions.rules.comment_words import says_one_of, words_in

LISTED = words_in("vendu\n  Pourri \n\ntraître à la nation\n")


@pytest.mark.parametrize(
    "text",
    [
        "Quel VENDU !",
        "des vendus, tous",
        "pourrie… non, pourri",
        "Traitre à la nation",
        "vendu",
        "C’est un traître  à la\nnation.",
    ],
)
def test_P52_a_listed_word_is_found(text: str) -> None:
    assert says_one_of(text, LISTED)


@pytest.mark.parametrize("text", ["invendu", "traître", "la nation", "", "pourriez-vous", "vend"])
def test_P52_other_words_are_not(text: str) -> None:
    assert not says_one_of(text, LISTED)


def test_P52_no_list_holds_nothing() -> None:
    assert not says_one_of("vendu", words_in(""))
