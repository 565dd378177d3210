"""Owns finding the version of a deadline rule that applies on a day. It does not work dates out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from app.calendars.phrases import dated
from app.calendars.rule import Rule
from app.calendars.rule_json import rule_from_json
from app.calendars.trouble import UnknownRule, UnreadableRule
from app.calendars.written import written_rule


@dataclass(frozen=True, eq=False)
class RuleBook:
    """Every version of every deadline rule. Two books are the same only where they are one object: that is cheap."""

    #: Any order; the newest version that applies wins.
    rules: tuple[Rule, ...]

    def at(self, key: str, on: date) -> Rule:
        """The rule as it applies to something that happened on this day.

        Raises: UnknownRule, with the key most like it, or the first day it applies to.
        """
        versions = self._by_key.get(key)
        if not versions:
            raise UnknownRule(f'Expected the key of a deadline rule, but "{key}" is not one{self._nearest(key)}')
        valid = [rule for rule in versions if rule.is_valid(on)]
        if not valid:
            begins = min(rule.valid_from for rule in versions)
            raise UnknownRule(f'Expected "{key}" to apply on {dated(on)}, but it applies from {dated(begins)} on')
        return max(valid, key=lambda rule: (rule.valid_from, rule.version))

    @staticmethod
    def written(text: str) -> Rule:
        """The rule a text such as "15 school days" writes out.

        Raises: UnreadableRule.
        """
        return written_rule(text)

    def versions(self, key: str) -> tuple[Rule, ...]:
        """Every version of a rule in the order in which they begin, none for an unknown key."""
        return tuple(sorted(self._by_key.get(key, ()), key=lambda rule: (rule.valid_from, rule.version)))

    def including(self, *rules: Rule) -> RuleBook:
        """The same book with more rules or later versions, such as an authority's own."""
        return RuleBook((*self.rules, *rules))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every key, in alphabetical order."""
        return tuple(sorted(self._by_key))

    @cached_property
    def _by_key(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.key, []).append(rule)
        return found

    def _nearest(self, key: str) -> str:
        near = get_close_matches(key, self.keys, n=1, cutoff=0.5)
        return f'; did you mean "{near[0]}"?' if near else ""


def read_rules(text: str) -> RuleBook:
    """The rules of a YAML text: a mapping from key to a rule or to a list of its versions.

    Raises: UnreadableRule.
    """
    written = YAML(typ="safe", pure=True).load(text)
    if not isinstance(written, dict):
        raise UnreadableRule("Expected a mapping from keys to deadline rules, but found something else")
    return RuleBook(tuple(rule for key, versions in written.items() for rule in _versions(key, versions)))


def load_rules() -> RuleBook:
    """The rules shipped with the platform. Reads a packaged file; call it once, at start."""
    return read_rules((files(__package__) / "rules.yaml").read_text("utf-8"))


def _versions(key: str, written: Any) -> Iterable[Rule]:
    for fields in written if isinstance(written, list) else [written]:
        yield rule_from_json({"key": key, **fields})
