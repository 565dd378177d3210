"""Small secrets sealed for the database with a key of this installation. Keys of cases and pupils: `keys`."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from app.config import Settings

NONCE_BYTES = 12
_EXTENSION = "waymark_sealing_key"


def seal(content: bytes, context: str) -> bytes:
    """Nonce and ciphertext, bound to `context` so that it cannot be moved to somebody else."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _key().encrypt(nonce, content, context.encode())


def unseal(sealed: bytes, context: str) -> bytes:
    """The content again. Raises InvalidTag where it was tampered with or belongs elsewhere."""
    return _key().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())


def _key() -> AESGCM:
    if (known := current_app.extensions.get(_EXTENSION)) is None:
        settings: Settings = current_app.extensions["waymark_settings"]
        derived = HKDF(SHA256(), 32, salt=None, info=b"waymark:signing in").derive(settings.kek_path.read_bytes())
        known = current_app.extensions[_EXTENSION] = AESGCM(derived)
    key: AESGCM = known
    return key
