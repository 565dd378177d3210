"""What programs use: tokens of the API. Who a token stands for is a person, whose access it narrows."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

api_token = db.Table(
    "api_token",
    name_column("id", primary_key=True),
    #: SHA-256 of the token: whoever reads the table cannot use it
    name_column("digest", nullable=False, unique=True),
    name_column("person_id", nullable=False, index=True),
    name_column("name", nullable=False),
    #: list of scopes
    sa.Column("scopes", OrderedJson, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("ended_at", Moment),
)
