"""The signing key of the journal's log and the log's name: making, finding, signing. What is signed: `checkpoints`.

The file lies beside the key-encryption key. The name is random and kept with the key: whoever pins both cannot be
shown the log of another installation.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

from app.config import Settings
from app.model.checkpoint import Checkpoint, Unsigned
from app.store.db import db
from app.store.tables import checkpoint

_EXTENSION = "waymark_signer"


class SigningKeyMissing(SystemExit):
    """The signing key is missing or another one: new checkpoints could not follow the ones that are there."""


@dataclass(frozen=True)
class Signer:
    """Who signs the checkpoints of this installation."""

    #: name of the log
    log: str
    #: Ed25519, 32 bytes
    private_key: bytes

    @property
    def public_key(self) -> bytes:
        """What anybody checks signatures with; 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private_key).public_key().public_bytes_raw()

    def sign(self, unsigned: Unsigned) -> Checkpoint:
        """The checkpoint, signed."""
        key = Ed25519PrivateKey.from_private_bytes(self.private_key)
        return Checkpoint(unsigned, key.sign(unsigned.encoded))


def is_signed(found: Checkpoint, public_key: bytes) -> bool:
    """The holder of that key signed exactly this."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(found.signature, found.unsigned.encoded)
    except InvalidSignature:
        return False
    return True


def signer() -> Signer:
    """The signer of the running application."""
    found: Signer = current_app.extensions[_EXTENSION]
    return found


def attach_signer(settings: Settings) -> None:
    """Read the signing key, or make it where nothing was signed yet. Raises SigningKeyMissing, naming the file."""
    path = settings.signing_path
    newest = sa.select(checkpoint.c.log).order_by(checkpoint.c.n.desc()).limit(1)
    log = db.session.scalar(newest)
    db.session.rollback()
    if not path.exists():
        if log is not None:
            raise SigningKeyMissing(f"Expected the signing key {path}, but it is missing. Restore it from escrow.")
        write(path, Signer(f"waymark/{secrets.token_hex(8)}", Ed25519PrivateKey.generate().private_bytes_raw()))
    found = read(path)
    if log not in (None, found.log):
        raise SigningKeyMissing(f"Expected the signing key of {log} in {path}, but it is the one of {found.log}.")
    current_app.extensions[_EXTENSION] = found


def read(path: Path) -> Signer:
    """The signer in a file. Raises SigningKeyMissing where it cannot be read as one."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Signer(kept["log"], bytes.fromhex(kept["key"]))
    except (ValueError, KeyError, TypeError):
        raise SigningKeyMissing(f"Expected a signing key in {path}, but it cannot be read. Restore it.") from None


def write(path: Path, made: Signer) -> None:
    """Keep a signer in a new file that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"log": made.log, "key": made.private_key.hex()}, file)
