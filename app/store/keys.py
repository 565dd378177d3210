"""Keys of encrypted streams: making, wrapping, finding and destroying them. What is encrypted is `journal`'s business.

One 256-bit key per case and per pupil, wrapped by a key-encryption key that lies in a file outside both databases.
Destroying the wrapped key erases the content for good while the hash chain, which runs over ciphertext, still verifies.
"""

import os
import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from app.config import Settings
from app.errors import CaseErased
from app.model.entry import StreamId
from app.store import erasures
from app.store.db import db
from app.store.tables import case_key, entry

NONCE_BYTES = 12
CACHED_KEYS = 2_000
_EXTENSION = "waymark_keyring"
#: built once: building a statement costs more than sending it
_WRAPPED_OF_MANY = sa.select(case_key.c.stream, case_key.c.wrapped).where(
    case_key.c.stream.in_(sa.bindparam("names", expanding=True)), case_key.c.wrapped.is_not(None)
)
_WRAPPED = sa.select(case_key.c.wrapped).where(case_key.c.stream == sa.bindparam("name"))


class KeysMissing(SystemExit):
    """The key file or the key database is missing: starting would make every case unreadable."""


class Keyring:
    """The key-encryption key of this installation, and the keys it has unwrapped lately."""

    def __init__(self, kek: bytes, erasures: Path) -> None:
        """Hold the key-encryption key, 32 bytes, and the list that says what was erased."""
        self._kek = AESGCM(kek)
        self._erasures = erasures
        self._unwrapped: dict[str, AESGCM] = {}

    def make(self, stream: StreamId, at: datetime) -> None:
        """Make and commit the key of a new stream, before its first entry."""
        self.make_all([stream], at)

    def make_all(self, streams: Iterable[StreamId], at: datetime) -> None:
        """Make and commit the keys of new streams in one transaction."""
        keys = {stream: AESGCM.generate_key(256) for stream in streams}
        rows = [{"stream": str(one), "wrapped": self._wrapped(one, key), "made_at": at} for one, key in keys.items()]
        with _writing() as connection:
            connection.execute(case_key.insert(), rows)
        for one, key in keys.items():
            self._remember(one, AESGCM(key))

    def seal(self, stream: StreamId, content: bytes, context: str) -> bytes:
        """Nonce and ciphertext, bound to `context` so that it cannot be moved elsewhere. Raises CaseErased."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._key(stream).encrypt(nonce, content, context.encode())

    def open(self, stream: StreamId, sealed: bytes, context: str) -> bytes:
        """The content again. Raises CaseErased where the key was destroyed, InvalidTag where it was tampered with."""
        return self._key(stream).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())

    def destroy(self, stream: StreamId, at: datetime) -> None:
        """Erase a stream's content for good. The list is written first: a backup must never bring it back."""
        erasures.note(self._erasures, stream, at)
        with _writing() as connection:
            connection.execute(
                case_key.update().where(case_key.c.stream == str(stream)).values(wrapped=None, destroyed_at=at)
            )
        self._unwrapped.pop(str(stream), None)

    def is_destroyed(self, stream: StreamId) -> bool:
        """The key of this stream is gone."""
        if str(stream) in self._unwrapped:
            return False
        with db.engines["keys"].connect() as connection:
            wrapped = connection.scalar(_WRAPPED, {"name": str(stream)})
        return wrapped is None

    def forget(self) -> None:
        """Drop unwrapped keys, as another process may have destroyed some."""
        self._unwrapped.clear()

    def _wrapped(self, stream: StreamId, key: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._kek.encrypt(nonce, key, str(stream).encode())

    def have(self, streams: Iterable[StreamId]) -> None:
        """Look up the keys of many streams with one statement; what cannot be opened is left to whoever asks for it."""
        wanted = {str(one): one for one in streams if str(one) not in self._unwrapped}
        if not wanted:
            return
        with db.engines["keys"].connect() as connection:
            found = connection.execute(_WRAPPED_OF_MANY, {"names": list(wanted)}).all()
        for name, wrapped in found:
            with suppress(InvalidTag):
                raw = self._kek.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())
                self._remember(wanted[name], AESGCM(raw))

    def _key(self, stream: StreamId) -> AESGCM:
        if (key := self._unwrapped.get(str(stream))) is not None:
            return key
        with db.engines["keys"].connect() as connection:
            wrapped = connection.scalar(_WRAPPED, {"name": str(stream)})
        if wrapped is None:
            raise CaseErased(None, stream=str(stream))
        try:
            raw = self._kek.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], str(stream).encode())
        except InvalidTag:
            raise KeysMissing(
                "Expected the key file that this installation was made with, but another is there"
            ) from None
        return self._remember(stream, AESGCM(raw))

    def _remember(self, stream: StreamId, key: AESGCM) -> AESGCM:
        if len(self._unwrapped) >= CACHED_KEYS:
            self._unwrapped.clear()
        self._unwrapped[str(stream)] = key
        return key


def keyring() -> Keyring:
    """The keyring of the running application."""
    ring: Keyring = current_app.extensions[_EXTENSION]
    return ring


def attach_keyring(settings: Settings) -> None:
    """Read or, on an empty installation, make the key file. Raises KeysMissing, naming the file that is needed."""
    path = settings.kek_path
    with db.engines["keys"].connect() as connection:
        has_keys = bool(
            connection.scalar(sa.select(sa.func.count()).select_from(sa.select(case_key).limit(1).subquery()))
        )
    has_encrypted = db.session.scalar(sa.select(entry.c.seq).where(entry.c.stream_kind == "case").limit(1)) is not None
    db.session.rollback()
    if has_encrypted and not has_keys:
        raise KeysMissing(f"Expected the database of keys at {settings.key_database_url}, but it is empty. Restore it.")
    if not path.exists():
        if has_keys:
            raise KeysMissing(f"Expected the key file {path}, but it is missing. Restore it from your escrow copy.")
        _make_kek(path)
    current_app.extensions[_EXTENSION] = Keyring(path.read_bytes(), settings.erasure_path)


def _make_kek(path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(AESGCM.generate_key(256))


def _writing() -> AbstractContextManager[sa.Connection]:
    return db.engines["keys"].execution_options(waymark_writes=True).begin()
