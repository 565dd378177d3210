"""One module per page or small group of pages; each holds one blueprint."""

from app.web.pages import (
    calendars,
    cases,
    demo,
    documents,
    erasures,
    health,
    inbox,
    modeler,
    notices,
    people,
    processes,
    replay,
    schools,
    sign_in,
    start,
    tasks,
)

BLUEPRINTS = (
    health.pages,
    sign_in.pages,
    demo.pages,
    cases.pages,
    inbox.pages,
    tasks.pages,
    start.pages,
    notices.pages,
    people.pages,
    schools.pages,
    calendars.pages,
    erasures.pages,
    processes.pages,
    modeler.pages,
)

#: these two add their routes to the blueprint of `cases`
__all__ = ["BLUEPRINTS", "documents", "replay"]
