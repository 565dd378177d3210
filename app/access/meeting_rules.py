"""Verdicts about meetings: planning their dates, keeping the agenda, chairing. Which roles count is in `meetings`."""

from app.access.actions import Action
from app.access.facts import MeetingFacts
from app.access.grants import ADMINISTRATOR
from app.access.meetings import MEETING_ROLES
from app.access.people import Membership, Reader
from app.access.verdicts import NOTHING_HERE, Verdict, allowed, refused


def arrange(reader: Reader, action: Action, meeting: MeetingFacts) -> Verdict:
    """Dates, places and groups: whoever runs such meetings there, and the administrator over the organisation."""
    held = _held(reader, meeting, MEETING_ROLES[meeting.kind].arrange) or next(
        (
            one
            for one in reader.memberships
            if one.role == ADMINISTRATOR and reader.tree.covers(one.organisation, meeting.organisation)
        ),
        None,
    )
    return allowed(reader, held) if held else refused(reader, action, hides=True)


def run(reader: Reader, action: Action, meeting: MeetingFacts) -> Verdict:
    """The agenda has the names of pupils: only whoever runs it, or chairs it, at the very organisation that meets."""
    roles = MEETING_ROLES[meeting.kind]
    held = _held(reader, meeting, roles.chair if action is Action.CHAIR_MEETING else roles.arrange)
    if held is not None:
        return allowed(reader, held)
    return refused(reader, action, hides=_held(reader, meeting, roles.arrange) is None)


def open_pack(reader: Reader, action: Action, meeting: MeetingFacts) -> Verdict:
    """Members from the first day of the pack to the last, whoever runs the meeting until then; nobody else, ever."""
    if meeting.access_until is None or reader.on > meeting.access_until:
        return NOTHING_HERE
    roles = MEETING_ROLES[meeting.kind]
    held = _held(reader, meeting, roles.arrange)
    if held is None and meeting.pack_from is not None and reader.on >= meeting.pack_from:
        held = _held(reader, meeting, roles.members) if reader.id in meeting.members else None
    return allowed(reader, held) if held else NOTHING_HERE


def _held(reader: Reader, meeting: MeetingFacts, roles: frozenset[str]) -> Membership | None:
    here = (one for one in reader.memberships if one.organisation == meeting.organisation)
    return next((one for one in here if one.role in roles), None)
