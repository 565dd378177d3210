"""What a token of the API can be narrowed to. It never widens: whoever made it must hold the access too."""

from collections.abc import Mapping

#: scope → what whoever makes a token reads about it
SCOPES: Mapping[str, str] = {
    "tasks:read": "See my tasks and their forms",
    "tasks:write": "Take, release and finish my tasks",
    "cases:read": "See the cases I may see, what happened in them, and how they stood at any entry",
    "cases:write": "Start cases, and tell cases what happened",
    "processes:read": "See processes, their versions and start forms",
    "processes:write": "Send in drafts of processes and approve those of others",
}
#: how long a token may last, in days
LIFETIMES: Mapping[int, str] = {7: "7 days", 30: "30 days", 90: "90 days", 365: "A year"}
