"""Lines of paper sheets, as somebody types them."""

from typing import Any

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.paper_lines import Line
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.tally import Tally


def line(position: int, email: str = "", **fields: Any) -> Line:
    """Somebody who signed on paper."""
    names = {"first_name": "Jeanne", "last_name": "Le Goff", "postcode": "35000", "country": "FR"}
    return Line(position=position, email=email, **{**names, **fields})


def lines(n: int, first: int = 1) -> list[Line]:
    """So many people with an address, each another."""
    return [line(i + 1, f"papier{first + i}@exemple.fr") for i in range(n)]


def paper_of(petition: Petition) -> int:
    """What the tally says, which must be what the lines say."""
    told: int = Tally.objects.get(petition=petition).paper
    assert told == PaperLine.objects.filter(petition=petition, state="counted").count()
    return told


def states(petition: Petition) -> dict[str, str]:
    """By address, what became of the lines."""
    rows = PaperLine.objects.filter(petition=petition).order_by("sheet", "position")
    return dict(rows.values_list("email", "state"))
