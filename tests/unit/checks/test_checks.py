"""Each rule of `app.checks` on its own fixtures: invalid files break exactly that rule, valid ones none."""

from functools import cache
from pathlib import Path

import pytest

from app.checks import RULES, CheckContext, Problem, check, reference

HERE = Path(__file__).parent
DOCS = Path(__file__).parents[3] / "docs" / "checks.md"
CONTEXT = CheckContext(
    rule_keys=frozenset({"apdr.first_plan", "apdr.review", "ex.board15"}),
    role_codes=frozenset({"SENCO", "TEACH", "HT", "DSL", "FCHAIR", "PCOORD"}),
    starter_codes=frozenset({"SENCO", "TEACH"}),
    messages=frozenset({"reply"}),
    process_keys=frozenset({"elsewhere"}),
    form_keys=frozenset({"plan"}),
    variables=frozenset({"started_on", "tier", "meeting_on", "pupils"}),
)
FIXTURES = sorted(
    path for rule_id in RULES for path in (HERE / rule_id).glob("*valid*.bpmn") if "also-" not in path.name
)


@cache
def problems_of(path: Path) -> list[Problem]:
    """Problems of a fixture with its companions: `also-<name>`, `<name>.<key>.dmn`, also .json and .md."""
    bpmn = {p.name: p.read_bytes() for p in (path, path.with_name(f"also-{path.name}")) if p.exists()}
    dmn = {p.name: p.read_bytes() for p in sorted(path.parent.glob(f"{path.stem}.*.dmn"))}
    forms = {p.name.split(".")[1]: p.read_bytes() for p in sorted(path.parent.glob(f"{path.stem}.*.json"))}
    letters = {p.name.split(".")[1]: p.read_bytes() for p in sorted(path.parent.glob(f"{path.stem}.*.md"))}
    return check(bpmn, dmn, forms, CONTEXT, letters)


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_has_a_valid_and_an_invalid_fixture(rule_id):
    assert list((HERE / rule_id).glob("valid*.bpmn"))
    assert list((HERE / rule_id).glob("invalid*.bpmn"))


def test_every_fixture_folder_belongs_to_a_rule():
    assert {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(RULES)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_invalid_fixture_breaks_exactly_its_rule_and_a_valid_one_none(path):
    # given
    rule_id, is_valid = path.parent.name, path.name.startswith("valid")

    # when
    problems = problems_of(path)

    # then
    errors = {problem.rule for problem in problems if problem.severity == "error"}
    if is_valid:
        assert not problems, problems
    else:
        assert rule_id in {problem.rule for problem in problems}
        assert errors <= {rule_id}, problems


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_problem_is_one_sentence_with_a_way_to_put_it_right(path):
    for problem in problems_of(path):
        assert problem.sentence[0] not in " .", problem
        assert not problem.sentence.endswith("."), problem
        assert len(problem.sentence) < 400, problem
        assert problem.fix.endswith(".")


def test_the_page_about_checks_is_written_from_the_rules():
    assert DOCS.read_text(encoding="utf-8") == reference()
