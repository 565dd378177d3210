"""docs/checks.md, written from the rules themselves, so that the two cannot differ."""

from app.checks.registry import RULES, Rule

_TOPICS = {
    "structure": "The shape of the flow",
    "starting": "Starting a case",
    "gateways": "Gateways",
    "events": "Events",
    "timers": "Timers",
    "tasks": "Tasks, lanes and calls",
    "meetings": "Tasks that wait for a meeting",
    "placing": "Tasks that take a place or give it back",
    "expressions": "Expressions",
    "decisions": "Decision tables",
    "forms": "Forms",
    "letters": "Letters",
    "elements": "What is supported",
    "limits": "Size, ids and references",
    "names": "Names and drawing",
}

_INTRODUCTION = """# What is checked before a process is deployed

Each rule has an id. The same id stands in the message in the editor, on the deploy page and on the command line.
An *error* must be put right; a *warning* is worth a thought. This page is written from the rules themselves
(`app.checks.reference`)."""


def reference() -> str:
    """The whole page, in Markdown."""
    return "\n\n".join([_INTRODUCTION, *(_chapter(topic, title) for topic, title in _TOPICS.items())]) + "\n"


def _chapter(topic: str, title: str) -> str:
    return "\n\n".join([f"## {title}", *(_section(rule) for rule in RULES.values() if rule.topic == topic)])


def _section(rule: Rule) -> str:
    return f"### {rule.id}\n\n*{rule.severity.capitalize()}.* {rule.says}\n\nHow to put it right: {rule.fix}"
