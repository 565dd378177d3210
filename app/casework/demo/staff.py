"""Who of the demonstration's people does a task, and when they get round to it. What they answer is in `answers`."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.access import Membership
from app.calendars import LONDON, Calendar
from app.casework.demo.authority import DemoAuthority, DemoPerson, DemoPupil
from app.clock import local_date
from app.model.actor import Actor

#: the same stories every time
SEED = 20261109
#: school days that pass before somebody does a task: at least, at most
PACE = {
    "check_universal_offer": (0, 2),
    "talk_with_family": (1, 4),
    "describe_class": (1, 4),
    "assess": (2, 5),
    "plan": (1, 3),
    "agree_tier": (1, 3),
    "write_log": (4, 6),
    "review": (0, 2),
    "decide": (0, 2),
    "meet_parents": (5, 15),
    "consider_safeguarding": (0, 0),
    "get_consent_in_writing": (4, 9),
    "hand_over": (3, 8),
}
USUAL_PACE = (1, 4)
#: the working day: minutes after midnight
FIRST_MINUTE, LAST_MINUTE = 8 * 60 + 15, 16 * 60 + 30


@dataclass
class Staff:
    """The people, with a diary that always comes out the same."""

    #: who there is
    authority: DemoAuthority
    _random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - a demonstration, not a secret

    def holding(self, roles: str, place: str, pupil: DemoPupil) -> DemoPerson:
        """Whoever holds one of the roles there; of teachers, the pupil's own."""
        found = [one for one in self.authority.people if _held(one, roles, place)]
        return next((one for one in found if one.person.id == pupil.teacher), found[0])

    def actor(self, who: DemoPerson, roles: str, place: str) -> Actor:
        """The person, acting in one of the roles."""
        held = _held(who, roles, place)[0]
        return Actor(who.person.id, who.person.name, held.role, held.organisation)

    def on(self, day: date, not_before: datetime | None = None) -> datetime:
        """Some minute of a working day; later than `not_before` where that is on the same day."""
        minutes = self._random.randint(FIRST_MINUTE, LAST_MINUTE)
        moment = datetime.combine(day, time(minutes // 60, minutes % 60), LONDON).astimezone(UTC)
        if not_before is None or moment > not_before:
            return moment
        return not_before + timedelta(minutes=self._random.randint(10, 50))

    def gets_round_to(self, element: str, opened_at: datetime, calendar: Calendar) -> datetime:
        """When somebody does a task that opened."""
        days = self._random.randint(*PACE.get(element, USUAL_PACE))
        day = calendar.school_day_on_or_after(local_date(opened_at))
        return self.on(calendar.nth_school_day_after(day, days) if days else day, opened_at)


def _held(one: DemoPerson, roles: str, place: str) -> list[Membership]:
    return [held for held in one.person.memberships if held.role in roles.split() and held.organisation == place]
