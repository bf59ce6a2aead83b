"""The house's rules on source text: each a checker, with an example it must refuse and one it must
accept. A checker gives one sentence per fault.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.french_typography import NARROW, NO_BREAK, faults

LONGEST_FILE, LONGEST_TEMPLATE = 500, 400
LONGEST_FUNCTION, LONGEST_VIEW = 60, 40
LONGEST_INIT_DOCSTRING = 5
VAGUE = frozenset({"utils", "util", "helpers", "helper", "services", "service", "manager", "misc"})
DOMAIN_WORDS = re.compile(
    r"petition|campaign|signator|delivery|milestone|tally|supporter", re.IGNORECASE
)
RELATIONS = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField"})


@dataclass(frozen=True)
class Source:
    """A file of the repository, its path relative to the root."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def stem(self) -> str:
        return PurePosixPath(self.path).stem


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`check` is given the files whose path matches `where`."""

    name: str
    where: str
    check: Callable[[Source], Iterator[str]]
    bad: Source
    good: Source

    def concerns(self, path: str) -> bool:
        return re.fullmatch(self.where, path) is not None


def _functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def file_size(source: Source) -> Iterator[str]:
    limit = LONGEST_FILE if source.path.endswith(".py") else LONGEST_TEMPLATE
    lines = source.text.count("\n")
    if lines > limit:
        yield f"{lines} lines, more than {limit}"


def function_size(source: Source) -> Iterator[str]:
    for node in _functions(source):
        first = node.args.args[0].arg if node.args.args else ""
        limit = LONGEST_VIEW if first == "request" else LONGEST_FUNCTION
        if _length(node) > limit:
            yield f"{node.name} has {_length(node)} lines, more than {limit}"


def vague_name(source: Source) -> Iterator[str]:
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if VAGUE & set(part.lower().split("_")):
            yield f"« {part} » says nothing of what is inside"


def init_only_says(source: Source) -> Iterator[str]:
    docstring = ast.get_docstring(source.tree) or ""
    if docstring.count("\n") + 1 > LONGEST_INIT_DOCSTRING:
        yield f"docstring over {LONGEST_INIT_DOCSTRING} lines"
    if len(source.tree.body) > bool(docstring):
        yield "code in __init__"


def related_name(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in RELATIONS:
            given = {k.arg: ast.unparse(k.value) for k in node.keywords}
            if given.get("related_name") != "'+'":
                yield f'line {node.lineno}: related_name="+" is missing'


def no_save_override(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and member.name in {"save", "delete"}:
                    yield f"{node.name}.{member.name} is overridden"


def no_signal(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".signals"):
            yield f"line {node.lineno}: signals"
        if isinstance(node, ast.ImportFrom) and node.module == "django.dispatch":
            yield f"line {node.lineno}: signals"


def import_at_top(source: Source) -> Iterator[str]:
    for function in _functions(source):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"line {node.lineno}: import inside {function.name}"


def no_domain_word(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and DOMAIN_WORDS.search(node.name):
            yield f"{node.name}: `common` knows no domain word"


def action_is_keyword_only(source: Source) -> Iterator[str]:
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
            positional = [*node.args.posonlyargs, *node.args.args]
            if positional and "transaction.atomic" in decorators and node.name[0] != "_":
                yield f"{node.name}({positional[0].arg}, …) is not keyword-only"


def time_is_given(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and re.fullmatch(
            r"(timezone|datetime)(\.datetime)?\.(now|utcnow|today)|date\.today|time\.time",
            ast.unparse(node.func),
        ):
            yield f"line {node.lineno}: the time is asked for, not given (`now=`)"


def no_machine(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(
            r"(?<![\w.)}/-])/(home|root|Users|work)/\w|--(extra-)?index-url|pypi\.org|file:///",
            line,
        ):
            yield f"line {number}: an index address or a path of one machine"


def french_typography(source: Source) -> Iterator[str]:
    yield from faults(source.path, source.text)


PYTHON = r"src/levier/(?!migrations/).*\.py"
DOMAIN = r"src/levier/(foundation|gathering|decisions|relations|networks|coaching)/.*"


def _py(text: str, path: str = "src/levier/gathering/petitions/models.py") -> Source:
    return Source(path, text)


RULES = [
    Rule(
        name="a file is short",
        where=r"(src|tests|bench)/(?!.*migrations/).*\.(py|html|txt|mjml)",
        check=file_size,
        bad=_py("x = 1\n" * 501),
        good=_py("x = 1\n" * 500),
    ),
    Rule(
        name="a function is short",
        where=r"(src|tests|bench)/(?!.*migrations/).*\.py",
        check=function_size,
        bad=_py("def view(request):\n" + "    x = 1\n" * 40),
        good=_py("def verb(*, by):\n" + "    x = 1\n" * 59),
    ),
    Rule(
        name="a name says what is inside",
        where=r"(src|tests|bench)/.*",
        check=vague_name,
        bad=_py("", "src/levier/gathering/petitions/text_utils.py"),
        good=_py("", "src/levier/gathering/petitions/actions/publish.py"),
    ),
    Rule(
        name="__init__ holds a short docstring and nothing else",
        where=r"src/levier/.*__init__\.py",
        check=init_only_says,
        bad=_py('"""Petitions."""\nfrom x import y\n'),
        good=_py('"""Petitions."""\n'),
    ),
    Rule(
        name="a foreign key adds nothing to what it points to",
        where=DOMAIN + r"models(/.*)?\.py",
        check=related_name,
        bad=_py("f = models.ForeignKey(User, models.CASCADE)\n"),
        good=_py('f = models.ForeignKey(User, models.CASCADE, related_name="+")\n'),
    ),
    Rule(
        name="no save() override",
        where=PYTHON,
        check=no_save_override,
        bad=_py("class A:\n    def save(self): ...\n"),
        good=_py("def save(*, by): ...\n"),
    ),
    Rule(
        name="no signals",
        where=PYTHON,
        check=no_signal,
        bad=_py("from django.db.models.signals import post_save\n"),
        good=_py("from django.db import models\n"),
    ),
    Rule(
        name="no import inside a function",
        where=r"(src|tests|bench)/.*\.py",
        check=import_at_top,
        bad=_py("def f():\n    import os\n"),
        good=_py("import os\ndef f(): ...\n"),
    ),
    Rule(
        name="common knows no domain word",
        where=r"src/levier/foundation/common/.*\.py",
        check=no_domain_word,
        bad=_py("def petition_title(): ...\n"),
        good=_py("def ordinal(): ...\n"),
    ),
    Rule(
        name="an action takes keywords only",
        where=DOMAIN + r"actions(/.*)?\.py",
        check=action_is_keyword_only,
        bad=_py("@transaction.atomic\ndef publish(petition): ...\n"),
        good=_py("@transaction.atomic\ndef publish(*, petition): ...\ndef locked(pk): ...\n"),
    ),
    Rule(
        name="the time is given",
        where=DOMAIN + r"(actions|rules|queries|mails)(/.*)?\.py",
        check=time_is_given,
        bad=_py("at = timezone.now()\n"),
        good=_py("def publish(*, now): at = now\n"),
    ),
    Rule(
        name="no index address, no path of one machine",
        where=r"(?!tests/house_rules\.py).*",
        check=no_machine,
        bad=_py('root = "/home/somebody/src"\n'),
        good=_py('root = "src"\n'),
    ),
    Rule(
        name="French as a careful editor writes it",
        where=r"src/levier/.*\.(py|html|txt|mjml)",
        check=french_typography,
        bad=_py("""t = _("Signez l'appel !")\n"""),
        good=_py(f"""t = _("Signez l’appel{NARROW}! Merci{NO_BREAK}: à bientôt…")\n"""),
    ),
]
