"""What an authority has set on a day, for its cases and forms. Which settings there are: `app.model.setting`."""

from collections.abc import Mapping
from datetime import date

from app.model.json import Json
from app.model.meetings import KINDS
from app.model.setting import DEFAULTS, SETTINGS
from app.store.db import Connection
from app.store.queries import organisations, settings

Settings = Mapping[str, Json]


def settings_of(connection: Connection, organisation_id: str, on: date) -> Settings:
    """Every setting as it is at an organisation on a day: its authority's value, else the default."""
    tree = organisations.tree(connection)
    authority = tree.authority_of(organisation_id) if organisation_id in tree else None
    if authority is None:
        return DEFAULTS
    own = {one.key: one.value for one in settings.values_of(connection, authority) if one.valid_from <= on}
    return {**DEFAULTS, **{key: value for key, value in own.items() if key in SETTINGS}} if own else DEFAULTS


def kind_names(found: Settings) -> Mapping[str, str]:
    """Code of each kind of meeting → what the authority calls it, in the middle of a sentence."""
    return {code: str(found[f"name.{code}"]) for code in KINDS}
