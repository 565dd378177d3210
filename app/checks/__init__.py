"""Whether files may be deployed: rules that name the element, say what is wrong and how to put it right. Pure."""

from collections.abc import Mapping

from app.checks import (
    decisions,
    elements,
    events,
    expressions,
    forms,
    gateways,
    letters,
    limits,
    meetings,
    names,
    placing,
    starting,
    structure,
    tasks,
    timers,
)
from app.checks.problems import CheckContext, Problem, Severity
from app.checks.reference import reference
from app.checks.registry import RULES, Rule
from app.checks.scene import Files

#: importing a module registers its rules
_MODULES = (
    structure,
    starting,
    gateways,
    events,
    timers,
    tasks,
    meetings,
    placing,
    expressions,
    decisions,
    forms,
    letters,
    elements,
    limits,
    names,
)
_MOST_PER_RULE = 50

__all__ = ["RULES", "CheckContext", "Problem", "Rule", "Severity", "check", "reference"]


def check(
    bpmn: Mapping[str, bytes],
    dmn: Mapping[str, bytes],
    forms: Mapping[str, bytes],
    context: CheckContext | None = None,
    letter_templates: Mapping[str, bytes] | None = None,
) -> list[Problem]:
    """Everything to put right (errors) or to think about (warnings), errors first. Never raises for bad files.

    `bpmn` and `dmn` by file name, `forms` by form key, `letter_templates` by name. At most 50 problems of one rule.
    """
    files = Files.of(bpmn, dmn, forms, context or CheckContext(), letter_templates or {})
    found = [problem for rule in RULES.values() for problem in _some(rule, files)]
    return sorted(found, key=lambda problem: problem.severity != "error")


def _some(rule: Rule, files: Files) -> list[Problem]:
    found: list[Problem] = []
    for problem in rule.problems(files):
        if problem not in found:
            found.append(problem)
        if len(found) == _MOST_PER_RULE:
            break
    return found
