"""The house's rules, as tests. A rule said twice in review comes here."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.utils.translation import ngettext, override
from procrastinate.contrib.django import app

from levier.project.plurals import pairs_in_python, pairs_in_template, plural_pairs
from tests.house_rules import RULES, Rule, Source

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "levier"
TEMPLATES = PACKAGE / "templates"

#: (rule, file): why. This list only shrinks.
ALLOWED: dict[tuple[str, str], str] = {
    ("the time is given", "src/levier/foundation/messaging/actions/send.py"): (
        "the moment of each SMTP answer is known only there"
    ),
}

#: Templates which Django or a library asks for by itself.
ASKED_BY_LIBRARIES = (
    r"(account|mfa|allauth|socialaccount|usersessions)/.*|(400|403|403_csrf|404)\.html"
)


@cache
def _tracked() -> tuple[str, ...]:
    """The text files of the repository, committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    binary = (".png", ".woff2", ".mo", ".ico", ".jpg", ".pdf", ".ttf")
    return tuple(
        path
        for path in listed.split("\0")
        if path and (ROOT / path).is_file() and not path.endswith(binary)
    )


def _source(path: str) -> Source:
    return Source(path, (ROOT / path).read_text())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_checker_itself(rule: Rule) -> None:
    assert list(rule.check(rule.bad))
    assert list(rule.check(rule.good)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_file_keeps_the_rule(rule: Rule) -> None:
    concerned = [path for path in _tracked() if rule.concerns(path)]
    assert concerned, "the rule concerns no file: its `where` is wrong"
    faults = [
        f"{path}: {fault}"
        for path in concerned
        if (rule.name, path) not in ALLOWED
        for fault in rule.check(_source(path))
    ]
    assert not faults, "\n".join(faults)


def test_the_allowances_are_still_needed() -> None:
    rules = {rule.name: rule for rule in RULES}
    for (name, path), reason in ALLOWED.items():
        assert reason
        assert list(rules[name].check(_source(path))), f"{path} keeps « {name} » now"


def _strings() -> Iterator[str]:
    """Every text in our Python; an f-string as a pattern where anything may come."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            if isinstance(node, ast.JoinedStr):
                yield "".join(
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w./-]+"
                    for part in node.values
                )


def _template_names() -> list[str]:
    return [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()]


def test_every_template_is_used() -> None:
    patterns = [p for p in _strings() if re.search(r"html|txt|mjml|mail", p) and len(p) < 200]
    named = {
        name
        for path in _template_names()
        for name in re.findall(
            r"""{%\s*(?:include|extends)\s+["']([^"'#]+)""", (TEMPLATES / path).read_text()
        )
    }
    unused = [
        name
        for name in _template_names()
        if name not in named
        and not re.fullmatch(ASKED_BY_LIBRARIES, name)
        and not any(re.fullmatch(f"{pattern}(#.*)?", name) for pattern in patterns)
    ]
    assert not unused


def test_every_named_template_exists() -> None:
    known = set(_template_names())
    folders = "|".join(sorted({name.split("/")[0] for name in known}))
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(rf"({folders})/[\w./-]+\.(html|txt|mjml)(#\w+)?", node.value)
            ):
                assert node.value.split("#")[0] in known, f"{path.name}: {node.value}"


def test_every_variable_is_documented() -> None:
    code = (PACKAGE / "project" / "environment.py").read_text()
    read = set(re.findall(r'"(PORT|DATABASE_URL|LEVIER_[A-Z_]+)"', code))
    documented = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/env.md").read_text(), re.MULTILINE)
    )
    assert len(read) > 10
    assert read == documented


def test_the_environment_is_read_in_one_place() -> None:
    known = {"cli.py", "asgi.py", "up.py", "environment.py"}  # the wiring hands it on
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "project" or path.name not in known:
            assert not re.search(r"os\.environ|getenv", path.read_text()), path


def test_zero_is_singular() -> None:
    missing = set()
    with override("fr"):
        for singular, plural in plural_pairs():
            if ngettext(singular, plural, 0) != singular or ngettext(singular, plural, 2) != plural:
                missing.add(singular)
    assert not missing, "`make plurals` makes the catalogue again"


def test_the_plurals_are_found_where_they_are() -> None:
    assert list(pairs_in_python('t = ngettext("une voix", "des voix", n)')) == [
        ("une voix", "des voix")
    ]
    counted = "{% blocktranslate count n=n %}une « l’a »{% plural %}deux{% endblocktranslate %}"
    template = "{% load i18n %}" + counted
    assert list(pairs_in_template(template)) == [("une « l’a »", "deux")]


def _deferred() -> Iterator[tuple[str, str]]:
    """(file, task name) of everything put off by name."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".configure_task"):
                name = node.args[0] if node.args else node.keywords[0].value
                yield (
                    str(path.relative_to(PACKAGE)),
                    str(name.value)
                    if isinstance(name, ast.Constant)
                    else str(constants.get(ast.unparse(name), ast.unparse(name))),
                )


def test_every_deferred_name_is_a_task() -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    deferred = list(_deferred())
    unknown = [(path, name) for path, name in deferred if name not in app.tasks]
    assert deferred
    assert not unknown


def test_every_package_has_its_contract() -> None:
    """A wing or a domain package that import-linter is not told of would be free."""
    contracts = (ROOT / ".importlinter").read_text()
    for wing in ("foundation", "gathering", "decisions", "relations", "networks", "coaching"):
        for folder in (PACKAGE / wing).glob("*/models*"):
            assert f"levier.{wing}.{folder.parent.name}\n" in contracts
            assert re.search(rf"^    levier\.{wing}$", contracts, re.MULTILINE)


#: One wrong import for each contract of `.importlinter`, by its name's beginning.
VIOLATIONS = {
    "Floors": ("foundation/common/typography.py", "levier.gathering"),
    "Faces": ("faces/public/urls.py", "levier.faces.desk.urls"),
    "Inside foundation": ("foundation/ledger/rules.py", "levier.foundation.people.models"),
    "Inside gathering": ("gathering/petitions/queries.py", "levier.gathering.signing.models"),
    "Inside a domain package": (
        "foundation/people/models/person.py",
        "levier.foundation.people.actions",
    ),
    "Inside signing": ("gathering/signing/enums.py", "levier.gathering.signing.models"),
    "The registry": ("faces/desk/urls.py", "levier.models"),
}


def test_every_contract_bites(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "levier", ignore=shutil.ignore_patterns("__pycache__"))
    for path, module in VIOLATIONS.values():
        with (tmp_path / "levier" / path).open("a") as file:
            file.write(f"\nimport {module}\n")
    told = subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            *("--config", ROOT / ".importlinter", "--no-cache"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    contracts = re.findall(r"^name = (.*)$", (ROOT / ".importlinter").read_text(), re.MULTILINE)
    assert len(contracts) == len(VIOLATIONS)
    for name in contracts:
        assert any(name.startswith(beginning) for beginning in VIOLATIONS)
        assert f"{name} BROKEN" in told.stdout, told.stdout
