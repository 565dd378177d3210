"""The invented authorities of the demonstration as plain values, read once from the files beside this one.

It writes nothing: loading it into the journal and acting out its cases is done elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, cast

from ruamel.yaml import YAML

from app.access import Membership, Organisation, OrganisationTree, Person
from app.model.json import JsonObject

#: authority numbers of Northmere and Larkhaven: not allocated, so no UPN here can be a real pupil's
LA_CODE, CITY_CODE = "998", "997"
#: first day on which the people of the demonstration hold their roles
SINCE = date(2025, 9, 1)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as."""

    #: who they are and what roles they hold
    person: Person
    #: what they type to sign in
    user_name: str
    #: an address that never receives anything
    email: str


@dataclass(frozen=True)
class DemoParent:
    """A parent or carer of a pupil."""

    #: full name
    name: str
    #: "mother", "father", "grandmother" …
    relationship: str
    #: "yes", "no", "unknown"
    parental_responsibility: str
    #: from the range kept free for drama
    phone: str
    #: an address that never receives anything
    email: str
    #: "yes", "no" or "only by …"
    safe_to_contact: str
    #: language or format they need, or None
    needs: str | None


@dataclass(frozen=True)
class DemoPupil:
    """One pupil on roll in the school year 2026/27."""

    #: stable identifier
    id: str
    #: unique pupil number
    upn: str
    #: legal forename
    forename: str
    #: legal surname
    surname: str
    #: what they like to be called, where that differs
    preferred_name: str | None
    #: date of birth
    born_on: date
    #: "M", "F", as in the census
    sex: str
    #: "N1", "N2", "R", "1" to "14"
    year_group: str
    #: organisation id of the school
    school: str
    #: in an area that does not exist
    postcode: str
    #: "N", "K", "E"
    sen_status: str
    #: code of the main need, where the status is K or E
    primary_need: str | None
    #: code of another need
    secondary_need: str | None
    #: attendance so far this year, in per cent
    attendance_pct: float
    #: person id of the class teacher
    teacher: str
    #: one to four, the first to be contacted first
    parents: tuple[DemoParent, ...]

    @property
    def name(self) -> str:
        """Forename and surname."""
        return f"{self.forename} {self.surname}"

    def record(self) -> JsonObject:
        """What the pupil's stream keeps: everything but the id, dates as ISO text."""
        known: dict[str, Any] = {key: value for key, value in vars(self).items() if key not in {"id", "parents"}}
        return {
            **known,
            "name": self.name,
            "born_on": self.born_on.isoformat(),
            "home_la": self.upn[1:4],
            "parents": [dict(vars(parent)) for parent in self.parents],
        }


@dataclass(frozen=True)
class DemoAuthority:
    """All of it."""

    #: the authority, its districts, partnership, forums and schools
    organisations: tuple[Organisation, ...]
    #: people in the order they are offered for signing in
    people: tuple[DemoPerson, ...]
    #: pupils by school and year
    pupils: tuple[DemoPupil, ...]
    #: year groups that each school has, by organisation id
    years: Mapping[str, tuple[str, ...]]

    @property
    def tree(self) -> OrganisationTree:
        """The organisations as a tree."""
        return OrganisationTree(self.organisations)


@cache
def northmere() -> DemoAuthority:
    """The county of the demonstration. Reads packaged files once; call it at start."""
    return _authority("northmere.yaml", "pupils.yaml")


@cache
def larkhaven() -> DemoAuthority:
    """The city: localities with hubs, a gateway, three terms, a grid of five levels. Reads packaged files once."""
    return _authority("larkhaven.yaml", "larkhaven_pupils.yaml")


def _authority(places_in: str, pupils_in: str) -> DemoAuthority:
    places = _read(places_in)
    authority = places["organisations"][0]["id"]
    return DemoAuthority(
        organisations=tuple(_organisation(row) for row in places["organisations"]),
        people=tuple(_person(row, authority) for row in places["people"]),
        pupils=tuple(_pupil(row) for row in _read(pupils_in)["pupils"]),
        years={row["id"]: tuple(row["years"]) for row in places["organisations"] if "years" in row},
    )


def _read(name: str) -> dict[str, Any]:
    text = (files(__package__) / name).read_text("utf-8")
    return cast(dict[str, Any], YAML(typ="safe", pure=True).load(text))


def _organisation(row: dict[str, Any]) -> Organisation:
    return Organisation(**{key: value for key, value in row.items() if key != "years"})


def _person(row: dict[str, Any], authority: str) -> DemoPerson:
    memberships = tuple(Membership(role, place, SINCE) for place, roles in row["roles"].items() for role in roles)
    person = Person(id=row["id"], name=row["name"], memberships=memberships)
    return DemoPerson(person, user_name=row["id"], email=f"{row['id']}@{authority}.example")


def _pupil(row: dict[str, Any]) -> DemoPupil:
    return DemoPupil(**{**row, "parents": tuple(DemoParent(**parent) for parent in row["parents"])})
