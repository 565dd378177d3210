"""Owns the accessibility check of a page by axe-core: WCAG 2.0 to 2.2, levels A and AA. It sees no keyboard trap."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from app.frontend import build

PROGRAM = build.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """One line per violation: rule, what it asks, and the elements that break it. Empty is good."""
    if not PROGRAM.is_file():
        build.install()
    if not page.evaluate("'axe' in window"):
        # not by a script tag: the page's own content policy would rightly refuse it
        page.evaluate(PROGRAM.read_text(encoding="utf-8"))
    report: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{found['id']}: {found['help']}: {', '.join(str(node['target']) for node in found['nodes'])}"
        for found in report["violations"]
    ]
