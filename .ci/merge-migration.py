"""Rewrite the initial migration with every table made whole, in one operation.

Django adds keys, indexes and constraints one by one, and looks at every model again after each: a
new database took 32 s of processor time, 27 of them for that.
"""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter
from django.utils.module_loading import import_string

Merged = dict[str, CreateModel]
WHOLE = AddField | AddConstraint | AddIndex


def main(folder: Path) -> None:
    """Rewrite `0001_initial.py` of a folder of migrations."""
    initial: type[Migration] = import_string("levier.migrations.0001_initial.Migration")
    whole = {"operations": merged(list(initial.operations))}
    migration = type("Migration", (initial,), whole)("0001_initial", "levier")
    (folder / "0001_initial.py").write_text(MigrationWriter(migration).as_string())


def merged(operations: list[Operation]) -> list[Operation]:
    """The same operations, each put into the table it is about when nothing stands between."""
    tables: Merged = {op.name_lower: op for op in operations if isinstance(op, CreateModel)}
    points_to = {name: targets(op, operations) for name, op in tables.items()}
    made: list[str] = []
    while len(made) < len(tables):
        made.append(next_table([name for name in tables if name not in made], points_to, made))
    later: list[Operation] = []
    for op in operations:
        if isinstance(op, WHOLE) and not waits(op, made, later):
            put(op, tables[op.model_name_lower])
        elif not isinstance(op, CreateModel):
            later.append(op)
    return [*(tables[name] for name in made), *later]


def targets(table: CreateModel, operations: list[Operation]) -> set[str]:
    """The tables that one points to."""
    added = [
        op.field
        for op in operations
        if isinstance(op, AddField) and op.model_name_lower == table.name_lower
    ]
    return {found for _name, field in table.fields if (found := target(field))} | {
        found for field in added if (found := target(field))
    } - {table.name_lower}


def target(field: object) -> str:
    """The table of ours that a field points to."""
    model = getattr(getattr(field, "remote_field", None), "model", None)
    app, _, name = str(model or "").lower().rpartition(".")
    return name if app == "levier" else ""


def next_table(left: list[str], points_to: dict[str, set[str]], made: list[str]) -> str:
    """The first whose targets exist; in a circle, the one that most others wait for."""
    ready = [name for name in left if points_to[name] <= set(made)]
    if ready:
        return ready[0]
    return max(left, key=lambda name: sum(name in points_to[other] for other in left))


def waits(op: WHOLE, made: list[str], later: list[Operation]) -> bool:
    """Whether an operation needs a table made after its own, or a field that does."""
    place = made.index(op.model_name_lower)
    if isinstance(op, AddField):
        pointed = target(op.field)
        return bool(pointed) and made.index(pointed) > place
    waiting = [one for one in later if isinstance(one, AddField)]
    return any(
        op.references_field(one.model_name, one.name, "levier")
        for one in waiting
        if one.model_name_lower == op.model_name_lower
    )


def put(op: WHOLE, table: CreateModel) -> None:
    """Make the table with it from the start."""
    if isinstance(op, AddField):
        table.fields.append((op.name, op.field))
    elif isinstance(op, AddConstraint):
        table.options.setdefault("constraints", []).append(op.constraint)
    else:
        table.options.setdefault("indexes", []).append(op.index)


if __name__ == "__main__":
    django.setup()
    assert settings.configured
    main(Path(sys.argv[1]))
