"""Every form of the project can be read, drawn, sent empty and drawn again with its problems."""

from pathlib import Path

import pytest
from form_building import context
from lxml import html
from test_form_pages import MACROS, page

from app.forms import Fields, Refused, fill, read, submit

FORMS = sorted((Path(__file__).parents[3] / "forms").glob("*.json"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_of_the_project_is_drawn_and_every_problem_has_its_place(path: Path) -> None:
    form = read(path.read_bytes())
    assert form.key == path.stem
    assert form.title
    page(fill(form, context()))
    outcome = submit(form, Fields(), context())
    if isinstance(outcome, Refused):
        drawn = page(fill(form, context(), outcome.values), outcome.problems, outcome.warnings)
        summary = html.document_fromstring(str(MACROS.error_summary(outcome.summary)))
        for link in summary.cssselect("a"):
            assert drawn.get_element_by_id(link.get("href")[1:]) is not None
