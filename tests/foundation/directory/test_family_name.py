import pytest

from levier.foundation.directory.rules import family_name


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Khady Diallo", "Diallo"),
        ("Loïc Le Goff", "Le Goff"),
        ("Ursula von der Leyen", "von der Leyen"),
        ("Jean-Pierre de la Tour", "de la Tour"),
        ("Le Goff", "Goff"),
        ("Diallo", "Diallo"),
        ("", ""),
        ("  ", ""),
        ("A " + "x" * 200, "x" * 80),
    ],
)
def test_a_family_name_keeps_its_particles(name: str, family: str) -> None:
    assert family_name(name) == family
