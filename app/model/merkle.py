"""The Merkle tree of RFC 6962, section 2.1: one hash over many leaves. What the leaves are is decided elsewhere."""

import hashlib
from collections.abc import Iterable


def root(leaves: Iterable[bytes]) -> bytes:
    """The tree hash. Leaves and inner nodes are hashed with different first bytes, so neither passes for the other."""
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        paired = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = paired + level[len(paired) * 2 :]  # the last of an odd number moves up as it is
    return level[0]
