"""What a form is asked in: the moment, the case, its calendar, its files. Protocols only; nothing is looked up here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from app.calendars import DateOutOfRange
from app.clock import local_date
from app.feel import Value, from_json, scope_from_json
from app.forms.dates import year_group
from app.forms.formula import Functions
from app.model.json import Json, JsonObject
from app.model.setting import DEFAULTS


class Submitted(Protocol):
    """What a browser sent: several values under one name, as Werkzeug gives it."""

    def get(self, key: str, /) -> Any:
        """The first value under a name, or None."""
        ...

    def getlist(self, key: str, /) -> Sequence[Any]:
        """All values under a name."""
        ...


class SchoolDays(Protocol):
    """A calendar that knows school days; `app.calendars.Calendar` is one."""

    def is_school_day(self, on: date) -> bool:
        """Whether pupils have a session that day."""
        ...

    def next_school_day(self, after: date) -> date:
        """The first school day strictly after."""
        ...

    def previous_school_day(self, before: date) -> date:
        """The last school day strictly before."""
        ...

    def why_not(self, on: date) -> str | None:
        """Why a day is not a school day, or None."""
        ...

    def school_days_between(self, first: date, last: date) -> Sequence[date]:
        """Every school day from one day to another, both included."""
        ...


def setting_function(settings: Mapping[str, Json]) -> Callable[..., Value]:
    """`setting("tier.names")`: what the authority set, null for a name that is no setting."""

    def setting(key: Value = None, *_: Value) -> Value:
        return from_json(settings.get(key)) if isinstance(key, str) else None

    return setting


@dataclass(frozen=True)
class UploadedFile:
    """A file that was checked and stored before the form is asked about it."""

    #: where it is stored
    id: str
    #: name it had
    name: str
    #: how large it is
    size_bytes: int
    #: by its content
    media_type: str
    #: SHA-256, 64 hex characters
    digest: str

    def to_json(self) -> JsonObject:
        """As an answer keeps it."""
        return {
            "id": self.id,
            "name": self.name,
            "size_bytes": self.size_bytes,
            "media_type": self.media_type,
            "digest": self.digest,
        }


@dataclass(frozen=True)
class FormContext:
    """The circumstances of one task."""

    #: case time, aware
    now: datetime
    #: process variables
    variables: Mapping[str, Json] = field(default_factory=dict)
    #: their FEEL types
    types: Mapping[str, str] = field(default_factory=dict)
    #: school days of the case, where it has a school
    calendar: SchoolDays | None = None
    #: functions that look something up, `due`, `setting` and the days suspended; those that are missing give null
    functions: Functions = field(default_factory=dict)
    #: clean answers given to this form before
    previous: Mapping[str, Json] = field(default_factory=dict)
    #: what `draft` kept
    draft: Mapping[str, Json] = field(default_factory=dict)
    #: every file stored for this task, by id
    files: Mapping[str, UploadedFile] = field(default_factory=dict)
    #: ids of files that came with this very request, by field name
    uploads: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The date in England."""
        return local_date(self.now)

    @property
    def scope(self) -> dict[str, Value]:
        """The process variables as FEEL values."""
        return scope_from_json(self.variables, self.types)

    @property
    def all_functions(self) -> Functions:
        """The functions of the case and those every form has."""
        return {
            "due": lambda *_: None,
            "days_suspended_in_term": lambda *_: None,
            "days_suspended_in_year": lambda *_: None,
            "centres": lambda *_: [],
            "place_types": lambda *_: [],
            "setting": setting_function(DEFAULTS),
            **self.functions,
            "year_group": lambda born=None, *_: year_group(born, self.today) if type(born) is date else None,
            "is_school_day": lambda on=None, *_: self.is_school_day(on) if type(on) is date else None,
            "school_days_between": lambda first=None, last=None, *_: self.school_days_between(first, last),
        }

    def school_days_between(self, first: object, last: object) -> Decimal | None:
        """How many there are, both days included, or None where a day is missing or no calendar can say."""
        if type(first) is not date or type(last) is not date or self.calendar is None:
            return None
        try:
            return Decimal(len(self.calendar.school_days_between(first, last)))
        except DateOutOfRange:
            return None

    def is_school_day(self, on: date) -> bool | None:
        """Whether it is one, or None where no calendar can say."""
        try:
            return self.calendar.is_school_day(on) if self.calendar else None
        except DateOutOfRange:
            return None
