"""The kinds of meetings that decide about cases, by the code a diagram uses. Who runs and joins them: `app.access`."""

from collections.abc import Mapping

#: code → what people call it, in the middle of a sentence
KINDS: Mapping[str, str] = {
    "forum": "forum",
    "gateway-panel": "gateway panel",
    "area-panel": "area panel",
    "fair-access-panel": "fair access panel",
    "lmg": "locality management group",
    "board": "board",
}
