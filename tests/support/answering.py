"""Fills any form of a page from answers as scenarios write them: types, ticks and chooses what a person would."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Page

from app import forms
from app.forms import Form
from app.model.json import Json


def answer(page: Page, form: Form, answers: Mapping[str, Json]) -> None:
    """Give every answer in the place where the page asks for it; rows are added as they are needed."""
    fields = forms.as_submitted(form, answers)
    for name in fields:
        if rows := re.fullmatch(r"_rows\.(.+)", name):
            for number in range(int(fields[name][0])):
                if page.locator(f'[name="{rows[1]}-{number}-_row"]').count() == 0:
                    page.locator(f'button[name="_add"][value="{rows[1]}"]').click()
    for name, values in fields.items():
        if not name.startswith("_") and not name.endswith("-_row"):
            for value in filter(None, values):
                _give(page, name, value)


def _give(page: Page, name: str, value: str) -> None:
    box = page.locator(f'[name="{name}"]').first
    kind = box.evaluate("one => one.type || one.tagName.toLowerCase()")
    if kind in ("radio", "checkbox"):
        page.locator(f'[name="{name}"][value="{value}"]').check()
    elif kind == "select-one":
        box.select_option(value)
    else:
        box.fill(value)


def accept(page: Page, reasons: Mapping[str, str]) -> None:
    """Tick warnings and say why, by the names scenarios give them: "kind:vulnerable"."""
    for name, reason in reasons.items():
        page.locator(f'[name="_tick.{name}"]').check()
        page.locator(f'[name="_reason.{name}"]').fill(reason)
