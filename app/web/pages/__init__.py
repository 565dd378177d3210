"""One module per page or small group of pages; each holds one blueprint."""

from app.web.pages import demo, health, sign_in

BLUEPRINTS = (
    health.pages,
    sign_in.pages,
    demo.pages,
)
