"""Documents agree with the code: decisions keep their form, what is named exists, what exists is named."""

import ast
import importlib.util
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import app
from app.config import PREFIX, Settings
from app.errors import Rejected
from app.store.tables import PROJECTIONS
from app.web.errors import PAGES, page_of

ROOT = Path(__file__).resolve().parents[3]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCUMENTS = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "CHANGELOG.md"]
#: not `frontend`: it also holds packages of others
FOLDERS = [path.parent for path in sorted((ROOT / "app").glob("*/__init__.py")) if path.parent.name != "frontend"]
SOURCES = [
    *sorted((ROOT / "app").glob("*.py")),
    *(path for folder in [*FOLDERS, ROOT / "migrations"] for path in sorted(folder.rglob("*.py"))),
]
SECTIONS = ["## Context", "## Options", "## Decision", "## What would change our mind"]
LONGEST_DECISION = 40

QUOTED_FILE = re.compile(r"`((?:app|docs|forms|migrations|processes|tests)(?:/[\w./-]*)?|\.importlinter)`")
QUOTED_MODULE = re.compile(r"`(app(?:\.\w+)+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
QUOTED_DECISION = re.compile(r"ADR (\d{4})")
ENTRY_KIND = re.compile(r"[a-z]+(-[a-z]+)+")
#: functions that write an entry → position of its kind
WRITERS = {"Decision": 0, "_assignment": 0, "write_record": 1, "record_once": 1}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def the(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def entry_kinds() -> set[str]:
    """Every kind of entry that the code writes, as it stands in the call that writes it."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= {text for text in _kinds_in(node) if ENTRY_KIND.fullmatch(text)}
    return found


def _kinds_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        position = WRITERS.get(_name(node.func))
        if position is not None and len(node.args) > position:
            yield from _text(node.args[position])
        if position is not None:
            yield from (text for word in node.keywords if word.arg == "kind" for text in _text(word.value))
    if isinstance(node, ast.Tuple):
        for before, after in zip(node.elts, node.elts[1:], strict=False):
            if isinstance(before, ast.Call) and _name(before.func) == "StreamId":
                yield from _text(after)


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from _text(node.body)
        yield from _text(node.orelse)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def rejections() -> list[type[Rejected]]:
    """Every rejection of the code."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[Rejected]] = []
    todo: list[type[Rejected]] = [Rejected]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    return sorted((kind for kind in set(found) if kind.__module__.startswith("app.")), key=lambda kind: kind.__name__)


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", names(DECISIONS))
def test_a_decision_keeps_its_form(path: str) -> None:
    lines = the(path).splitlines()
    headings = [line for line in lines if line.startswith("## ")]
    options = [line for line in lines if re.match(r"\d+\. ", line)]

    assert lines[0].startswith(f"# {Path(path).name[:4]} ")
    assert len(lines) <= LONGEST_DECISION
    assert [next((one for one in headings if one.startswith(section)), None) for section in SECTIONS] == headings
    assert len(options) >= 2


@pytest.mark.parametrize("path", names(DOCUMENTS))
def test_every_file_a_document_names_exists(path: str) -> None:
    text = the(path)
    quoted = {one for one in QUOTED_FILE.findall(text) if not (ROOT / one).exists()}
    linked = {one for one in LINK.findall(text) if not (ROOT / path).parent.joinpath(one).exists()}

    assert quoted | linked == set()


@pytest.mark.parametrize("path", names(DOCUMENTS))
def test_every_module_a_document_names_exists(path: str) -> None:
    missing = {one for one in QUOTED_MODULE.findall(the(path)) if importlib.util.find_spec(one) is None}

    assert missing == set()


@pytest.mark.parametrize("path", names(DOCUMENTS))
def test_every_decision_a_document_quotes_exists(path: str) -> None:
    assert set(QUOTED_DECISION.findall(the(path))) <= {one.name[:4] for one in DECISIONS}


def test_every_decision_the_code_quotes_exists() -> None:
    known = {path.name[:4] for path in DECISIONS}
    quoted = {
        (str(path.relative_to(ROOT)), number)
        for path in SOURCES
        for number in QUOTED_DECISION.findall(path.read_text(encoding="utf-8"))
    }

    assert {(path, number) for path, number in quoted if number not in known} == set()
    assert quoted


def test_every_decision_is_in_the_index() -> None:
    index = the("docs/README.md")

    assert [path.name for path in DECISIONS if f"(decisions/{path.name})" not in index] == []
    for path in DECISIONS:
        assert f"[{path.read_text(encoding='utf-8').splitlines()[0][2:]}]" in index


def test_every_kind_of_entry_is_in_the_list_of_the_architecture() -> None:
    text = the("docs/architecture.md")
    table = text[text.index("## Entries") : text.index("## The engine seam")]
    listed = {kind for line in table.splitlines() if line.startswith("|") for kind in re.findall(r"`([^`]+)`", line)}

    assert listed == entry_kinds()


def test_every_projection_is_named_in_the_architecture() -> None:
    text = the("docs/architecture.md")

    assert [table.name for table in PROJECTIONS if f"`{table.name}`" not in text] == []


def test_every_folder_of_the_program_is_named_in_the_architecture() -> None:
    text = the("docs/architecture.md")

    assert [path.name for path in FOLDERS if f"`app/{path.name}`" not in text] == []


def test_every_rejection_has_a_page_and_a_sentence() -> None:
    found = rejections()

    assert len(found) > len(PAGES)
    assert [kind for kind in found if not 400 <= page_of(kind.__new__(kind))[0] < 600] == []
    assert [kind for kind in found if not (kind.__doc__ or "").strip()] == []
    assert [kind for kind in found if kind.__module__ == "app.errors" and kind not in PAGES] == []


def test_every_setting_has_a_line_for_operators() -> None:
    page = the("docs/operations.md")

    assert [one.name for one in fields(Settings) if f"{PREFIX}{one.name.upper()}" not in page] == []
