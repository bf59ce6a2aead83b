"""Names of people in office."""

PARTICLES = frozenset(
    "al ben bin d’ da de del den der des di dos du el la le les van von".split()  # noqa: SIM905
)
LONGEST = 80


def family_name(name: str) -> str:
    """« Loïc Le Goff » → « Le Goff »: the last word, with the particles before it."""
    words = name.split()
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in PARTICLES:
        first -= 1
    return " ".join(words[max(first, 0) :])[:LONGEST]
