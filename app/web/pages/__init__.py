"""One module per page or small group of pages; each holds one blueprint."""

from app.web.pages import (
    account,
    calendars,
    cases,
    demo,
    documents,
    erasures,
    health,
    inbox,
    modeler,
    notices,
    operations,
    people,
    people_sign_in,
    processes,
    replay,
    schools,
    second_step,
    sign_in,
    single_sign_on,
    start,
    tasks,
    tokens,
    webhooks,
)

BLUEPRINTS = (
    health.pages,
    sign_in.pages,
    second_step.pages,
    single_sign_on.pages,
    account.pages,
    demo.pages,
    cases.pages,
    inbox.pages,
    tasks.pages,
    start.pages,
    notices.pages,
    people.pages,
    people_sign_in.pages,
    schools.pages,
    calendars.pages,
    erasures.pages,
    operations.pages,
    webhooks.pages,
    processes.pages,
    modeler.pages,
    tokens.pages,
)

#: these two add their routes to the blueprint of `cases`
__all__ = ["BLUEPRINTS", "documents", "replay"]
