"""One module per page or small group of pages; each holds one blueprint."""

from app.web.pages import cases, demo, documents, health, inbox, notices, people, replay, sign_in, start, tasks

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
)

#: these two add their routes to the blueprint of `cases`
__all__ = ["BLUEPRINTS", "documents", "replay"]
