"""The figures, each beside its reference and its goal."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure."""

    what: str
    measured: str
    reference: str
    ratio: str
    goal: str
    reached: bool


@dataclass(kw_only=True)
class Table:
    """All measures of a run."""

    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Keep a line, and say it now."""
        self.lines.append(line)
        print(f"  {'✓' if line.reached else '✗'} {line.what} : {line.measured}", flush=True)

    def ratio(self, what: str, rate: float, reference: float, name: str, goal: float) -> None:
        """A rate beside another."""
        self.add(
            Line(
                what=what,
                measured=f"{rate:,.0f}/s".replace(",", " "),
                reference=f"{reference:,.0f}/s ({name})".replace(",", " "),
                ratio=f"{rate / reference:.0%}",
                goal=f"≥ {goal:.0%}",
                reached=rate / reference >= goal,
            )
        )

    def most(self, what: str, value: float, goal: float, unit: str) -> None:
        """A value that must stay under its goal."""
        self.add(
            Line(
                what=what,
                measured=f"{value:,.0f} {unit}".replace(",", " "),
                reference="",
                ratio="",
                goal=f"≤ {goal:,.0f} {unit}".replace(",", " "),
                reached=value <= goal,
            )
        )

    def times(self, what: str, value: float, reference: float, name: str, goal: float) -> None:
        """A time, in milliseconds, beside another."""
        self.add(
            Line(
                what=what,
                measured=f"{value:,.1f} ms".replace(",", " "),
                reference=f"{reference:,.1f} ms ({name})".replace(",", " "),
                ratio=f"× {value / reference:.2f}",
                goal=f"≤ × {goal:g}",
                reached=value / reference <= goal,
            )
        )

    def exact(self, what: str, *, wrong: str) -> None:
        """Something that is so, or is not."""
        told = wrong or "exact"
        self.add(
            Line(what=what, measured=told, reference="", ratio="", goal="exact", reached=not wrong)
        )

    def text(self) -> str:
        """The table, in columns."""
        head = ("", "mesure", "valeur", "référence", "rapport", "but")
        rows = [head] + [
            ("✓" if x.reached else "✗", x.what, x.measured, x.reference, x.ratio, x.goal)
            for x in self.lines
        ]
        widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
        lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows]
        return "\n".join([lines[0], "─" * len(lines[0]), *lines[1:]])

    @property
    def all_reached(self) -> bool:
        return all(line.reached for line in self.lines)
