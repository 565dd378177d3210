"""Verdicts about commissioned places: keeping centres and quotas, seeing who holds a place, marking attendance."""

from app.access.actions import Action
from app.access.facts import PlacesFacts
from app.access.grants import ADMINISTRATOR, MARKERS, PLACE_KEEPERS, PLACE_READERS
from app.access.people import Membership, Reader
from app.access.verdicts import Verdict, allowed, refused


def administer(reader: Reader, action: Action, places: PlacesFacts) -> Verdict:
    """Centres, places, rates and quotas: whoever coordinates the partnership, and the administrator over it."""
    held = _at(reader, places, PLACE_KEEPERS) or next(
        (
            one
            for one in reader.memberships
            if one.role == ADMINISTRATOR and reader.tree.covers(one.organisation, places.partnership)
        ),
        None,
    )
    return allowed(reader, held) if held else refused(reader, action, hides=True)


def see(reader: Reader, action: Action, places: PlacesFacts) -> Verdict:
    """Who holds a place and what it costs: those who run the partnership, at the very partnership."""
    held = _at(reader, places, PLACE_READERS)
    return allowed(reader, held) if held else refused(reader, action, hides=_at(reader, places, MARKERS) is None)


def mark(reader: Reader, action: Action, places: PlacesFacts) -> Verdict:
    """The register has the names of pupils: the staff of the partnership, and nobody else."""
    held = _at(reader, places, MARKERS)
    return allowed(reader, held) if held else refused(reader, action, hides=True)


def _at(reader: Reader, places: PlacesFacts, roles: frozenset[str]) -> Membership | None:
    here = (one for one in reader.memberships if one.organisation == places.partnership)
    return next((one for one in here if one.role in roles), None)
