from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MarkSource:
    """Where a package above tells what it knows of people, as numbers.

    `marks` is a SELECT of one bigint column about `person.id`. `concerned` is a SELECT of the
    ids of other people whose marks move when those of `ANY(%(ids)s)` do. `names` is a SELECT of
    one text column: other words about `person.id`, by which they are found too.
    """

    marks: str
    concerned: str = ""
    names: str = ""
