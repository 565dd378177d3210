"""One module per page or small group of pages; each holds one blueprint."""

from app.web.pages import demo, health, inbox, notices, sign_in, start, tasks

BLUEPRINTS = (
    health.pages,
    sign_in.pages,
    demo.pages,
    inbox.pages,
    tasks.pages,
    start.pages,
    notices.pages,
)
