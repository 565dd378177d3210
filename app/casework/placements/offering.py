"""What the form that offers a place can ask: centres with their free places, and what the school's quota has left."""

from datetime import date
from typing import Any

from app.calendars.phrases import school_year
from app.calendars.taken_places import FULL, in_places
from app.cases.placing import free_halves, used_halves
from app.forms.formula import Functions
from app.model.placing import ADDITIONAL, KEY_STAGES, QUOTA
from app.store.db import reading
from app.store.queries import placements


def place_functions(partnership: str, school: str, today: date) -> Functions:
    """`centres("ks3")` and `place_types()`: options for the task of a partnership."""

    def centres(key_stage: Any = None, *_: Any) -> Any:
        found = [one for one in placements.centres(reading(), [partnership]) if one.is_open]
        if key_stage not in KEY_STAGES:
            return [{"value": one.id, "label": one.name} for one in found]
        return [{"value": one.id, "label": f"{one.name}: {_free(one, str(key_stage), today)}"} for one in found]

    def place_types(*_: Any) -> Any:
        return [
            {"value": QUOTA, "label": f"Within the quota of the school: {_quota(partnership, school, today)}"},
            {"value": ADDITIONAL, "label": "Additional, charged by the day"},
        ]

    return {"centres": centres, "place_types": place_types}


def _free(centre: placements.CentreRow, key_stage: str, today: date) -> str:
    held = placements.at_centre(reading(), centre.id, key_stage)
    free = max(0, free_halves(centre, key_stage, held, today, today, today))
    return f"{in_places(free)} of {in_places(centre.halves(key_stage))} places free today"


def _quota(partnership: str, school: str, today: date) -> str:
    year = school_year(today)
    quota = placements.quotas(reading(), partnership, year).get(school)
    used = used_halves(placements.used_by(reading(), partnership, school, year))
    places = quota.places if quota is not None else 0
    return f"{in_places(max(0, FULL * places - used))} of {places} left in {year}"
