"""Everything wrong with the files of a process, in one list, and the diagram in words. Rules are in `app.checks`."""

from collections.abc import Mapping
from typing import Any, cast

from app import diagrams, forms
from app.access.grants import STARTERS
from app.access.roles import ROLES
from app.cases.dates import rule_book
from app.cases.routes import routes
from app.cases.wording import questions_in, rule_words
from app.checks import CheckContext, Problem
from app.diagrams import UnreadableDiagram
from app.forms import UnusableForm
from app.model.definition import Bundle
from app.model.json import JsonObject
from app.store.db import Connection
from app.store.queries import definitions
from app.studio import untrusted
from app.studio.bundles import ProcessFiles
from app.studio.children import Unfinished
from app.studio.examining import packed


def known(process_keys: frozenset[str] = frozenset()) -> CheckContext:
    """What there is besides the files: deadline rules, roles, routes, and the processes deployed elsewhere."""
    return CheckContext(
        rule_keys=frozenset(rule_book().keys),
        role_codes=frozenset(ROLES),
        starter_codes=STARTERS,
        messages=frozenset(routes()),
        process_keys=frozenset(process_keys),
    )


def known_here(connection: Connection, key: str) -> CheckContext:
    """What there is besides the files in this installation."""
    others = [one for one in definitions.current_versions(connection) if one.key != key]
    return known(frozenset({one.key for one in others} | {one.process_id for one in others}))


def problems(files: ProcessFiles, context: CheckContext | None = None) -> list[Problem]:
    """Errors first, then warnings: what the rules find, and what the engine could not run. Worked out in the child."""
    try:
        told = untrusted.ask("process", packed(files, context or known()))
    except Unfinished as unfinished:
        return [Problem("", "readable", unfinished.sentence, "Leave out what is not part of a process.", "error", "")]
    return [Problem(**one) for one in cast("list[dict[str, Any]]", told)]


def errors(found: list[Problem]) -> list[Problem]:
    """Those that must be put right before deploying."""
    return [one for one in found if one.severity == "error"]


def as_json(found: list[Problem]) -> list[JsonObject]:
    """For the editor and for `--json`."""
    return [
        {
            "element": one.element,
            "rule": one.rule,
            "sentence": one.sentence,
            "fix": one.fix,
            "severity": one.severity,
            "file": one.file,
        }
        for one in found
    ]


def rows(found: list[Problem]) -> list[tuple[str, str, str, str, str]]:
    """For a table in the terminal: severity, element, rule, sentence, fix."""
    return [(one.severity, one.element or one.file, one.rule, one.sentence, one.fix) for one in found]


def outline(content: bytes, library: Mapping[str, bytes] | None = None) -> list[diagrams.OutlineLine]:
    """The diagram in words; nothing where it cannot be read."""
    try:
        return diagrams.outline(untrusted.diagram(content), titles(library or {}))
    except UnreadableDiagram:
        return []


def outline_for_staff(content: bytes, library: Mapping[str, bytes]) -> list[diagrams.OutlineLine]:
    """The diagram in words without ids, keys and FEEL: with the questions people answer."""
    words = {**titles(library), **{one.key: rule_words(one) for one in rule_book().rules}}
    questions = questions_in(forms.read(schema) for schema in library.values())
    return diagrams.outline(untrusted.diagram(content), words, questions)


def outline_json(content: bytes, library: Mapping[str, bytes] | None = None) -> list[JsonObject]:
    """For the editor: element, text and level of each line."""
    return [{"element": line.element, "text": line.sentence, "level": line.level} for line in outline(content, library)]


def titles(library: Mapping[str, bytes]) -> dict[str, str]:
    """What people call forms, deadline rules and roles, by key."""
    return {
        **{key: rule_title(key) for key in rule_book().keys},
        **{code: role.name for code, role in ROLES.items()},
        **{key: form_title(content) or key for key, content in library.items()},
    }


def starters(bundle: Bundle) -> list[str]:
    """Names of the roles that may start a case, as its diagram says; none where only a message starts it."""
    nodes = [node for xml in bundle.bpmn.values() for node in untrusted.diagram(xml).nodes.values()]
    starts = (node for node in nodes if node.process == bundle.process_id and node.is_plain_start)
    codes = dict.fromkeys(role for node in starts for role in node.start_roles)
    return [ROLES[code].name if code in ROLES else code for code in codes]


def rule_title(key: str) -> str:
    """What a deadline rule is called in its newest version."""
    return max((one for one in rule_book().rules if one.key == key), key=lambda one: one.version).title


def form_title(content: bytes) -> str:
    """What a form is called, or "" where it cannot be read."""
    try:
        return forms.examine(content)[0].title
    except (UnusableForm, ValueError):
        return ""
