#!/usr/bin/env python3
"""Check an export of a Waymark journal without Waymark, without keys, and without trusting whoever made it.

    python3 verify_journal.py EXPORT.jsonl --published LIST.jsonl --log NAME --key HEX

EXPORT     what `python3 manage.py journal export FILE` wrote
LIST       your own list of checkpoints, one JSON object on each line with at least "n" and "root" (hex): copies of the
           lines that the installation published. Lines with "leaves" let this program name the entry, not only the
           checkpoint, where somebody rewrote everything with the stolen signing key.
NAME, HEX  name of the log and public key as you wrote them down on the first day. Without them the first line of your
           list is believed, and without a list the export itself: then everything could have been made up.

Needs Python 3.11 and `pip install cryptography`. Exit code 0: everything holds. 1: something does not; each line names
the place. 2: wrong use, or a file that cannot be read.

What is checked
1. Every entry: SHA-256(0x02, hash of the entry before, length of head, head, SHA-256(payload)), where head is the
   canonical JSON [1, stream, seq, at, recorded_at, actor, kind, meta]; the first one follows SHA-256("waymark:STREAM").
2. Every checkpoint: the Merkle root (RFC 6962) over its leaves [kind, id, seq, hash]; its Ed25519 signature over log
   name, number, time, size, hash of the checkpoint before, and root; that it follows the one before.
3. Every leaf: the entry is there and has the hash that was sealed.
4. Every line of your list: the checkpoint is there with the same root.
Not covered: what was written after the last checkpoint on your list.
"""

import argparse
import base64
import hashlib
import json
import struct
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTHING_BEFORE = bytes(32)


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export", type=Path)
    parser.add_argument("--published", type=Path)
    parser.add_argument("--log")
    parser.add_argument("--key")
    chosen = parser.parse_args(words)
    try:
        published = read_list(chosen.published) if chosen.published else []
        findings, counts, pinned_by = verify(chosen.export, published, chosen.log, chosen.key)
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        print(f"Expected an export and a list that can be read, but: {trouble!r}", file=sys.stderr)
        return 2
    for place, sentence in findings:
        print(f"{place}: {sentence}")
    print(f"{counts['entries']} entries, {counts['streams']} streams, {counts['checkpoints']} checkpoints, "
          f"{len(published)} lines of your list. Log and key taken from {pinned_by}.")  # fmt: skip
    print(f"{len(findings)} things do not hold." if findings else "Everything holds.")
    return 1 if findings else 0


def verify(export, published, log, key):
    """Every (place, sentence) that does not hold, how much was read, and where log and key came from."""
    counts = {"entries": 0, "streams": 0, "checkpoints": 0}
    findings, sealed, roots, previous, earlier, ended = [], {}, {}, NOTHING_BEFORE, 0, None
    chain = None
    with export.open(encoding="utf-8") as lines:
        header = json.loads(next(lines))["journal"]
        log, key, pinned_by = pin(header, published, log, key)
        if (header["log"], header["key"]) != (log, key):
            findings.append(("export", f"it says log {header['log']} and key {header['key']}, but yours are others"))
        expected = leaves_by_entry(published)
        for line in lines:
            said = json.loads(line)
            if "checkpoint" in said:
                one = said["checkpoint"]
                counts["checkpoints"] += 1
                roots[one["n"]] = one["root"]
                for leaf in one["leaves"]:
                    sealed[tuple(leaf[:3])] = (leaf[3], one["n"])
                findings += of_checkpoint(one, log, key, previous, earlier)
                previous, earlier = hash_of_checkpoint(one), one["n"]
            elif "entry" in said:
                one = said["entry"]
                counts["entries"] += 1
                if chain is None or chain.stream != (one["stream_kind"], one["stream_id"]):
                    counts["streams"] += 1
                    chain = Chain(one["stream_kind"], one["stream_id"])
                findings += chain.follow(one, sealed, expected)
            elif "end" in said:
                ended = said["end"]
    findings += missing(sealed, "checkpoint {} of the export sealed it, but it is gone")
    findings += missing(expected, "checkpoint {} of your list sealed it, but it is gone")
    findings += unlike_list(published, roots)
    if ended != {"entries": counts["entries"], "checkpoints": counts["checkpoints"]}:
        findings.append(("export", "it was cut off or added to: its last line does not count what is in it"))
    return once(findings), counts, pinned_by


def pin(header, published, log, key):
    """The log's name and public key that are believed, and whose word that is."""
    if log and key:
        return log, key.lower(), "you"
    first = published[0] if published else {}
    if first.get("log") and first.get("key"):
        return log or first["log"], key or first["key"], "the first line of your list"
    return log or header["log"], key or header["key"], "the export itself (so it proves little: keep both elsewhere)"


class Chain:
    """The entries of one stream, followed link by link."""

    def __init__(self, kind, stream_id):
        self.stream, self.name = (kind, stream_id), f"{kind}/{stream_id}"
        self.previous, self.next = hashlib.sha256(f"waymark:{self.name}".encode()).digest(), 1
        self.last_good = 0  # the last entry that a checkpoint vouched for

    def follow(self, one, sealed, expected):
        seq, place = one["seq"], f"{self.name} entry {one['seq']}"
        if seq > self.next:
            yield f"{self.name} entry {self.next}", "it is missing"
        if seq < self.next:
            yield place, "it is there twice, or out of order"
        if hash_of_entry(self.previous, self.name, one) != one["hash"]:
            yield place, "it was altered, moved or put in after it was written"
        self.previous, self.next = bytes.fromhex(one["hash"]), seq + 1
        first = self.last_good + 1
        for whose, leaves in (("the export", sealed), ("your list", expected)):
            leaf, n = leaves.pop((*self.stream, seq), (None, 0))
            if leaf == one["hash"]:
                self.last_good = seq
            elif leaf is not None:
                where = "it" if first == seq else f"an entry from {first} to {seq}"
                yield place, f"{where} was rewritten after checkpoint {n} of {whose} sealed it"


def of_checkpoint(one, log, key, previous, earlier):
    place = f"checkpoint {one['n']}"
    if one["log"] != log:
        yield place, f"it belongs to the log {one['log']}, but yours is {log}"
    if one["n"] != earlier + 1:
        yield place, f"it comes after checkpoint {earlier}: what was between is missing"
    if one["previous"] != previous.hex():
        yield place, f"it does not follow checkpoint {earlier}" if earlier else "it is not the first of its log"
    leaves = [canonical(leaf) for leaf in one["leaves"]]
    if len(leaves) != one["size"] or merkle_root(leaves).hex() != one["root"]:
        yield place, "its leaves are not those that its root was made of"
    try:
        signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        signer.verify(bytes.fromhex(one["signature"]), signed_bytes(one))
    except InvalidSignature:
        yield place, "the key of your log did not sign it"


def unlike_list(published, roots):
    for line in published:
        if line["n"] not in roots:
            yield f"checkpoint {line['n']}", "it is on your list, but not in the export: an older state was restored"
        elif roots[line["n"]] != line["root"]:
            yield f"checkpoint {line['n']}", "your list has another root: what it seals was rewritten"


def missing(leaves, sentence):
    for (kind, stream_id, seq), (_, n) in leaves.items():
        yield f"{kind}/{stream_id} entry {seq}", sentence.format(n)


def hash_of_entry(previous, stream, one):
    head = canonical([1, stream, one["seq"], one["at"], one["recorded_at"], one["actor"], one["kind"], one["meta"]])
    payload = hashlib.sha256(base64.b64decode(one["payload"], validate=True)).digest()
    return hashlib.sha256(b"\x02" + previous + struct.pack(">I", len(head)) + head + payload).hexdigest()


def signed_bytes(one):
    head = canonical([1, one["log"], one["n"], one["at"], one["size"]])
    ends = bytes.fromhex(one["previous"]) + bytes.fromhex(one["root"])
    return b"waymark checkpoint\x00" + struct.pack(">I", len(head)) + head + ends


def hash_of_checkpoint(one):
    return hashlib.sha256(b"\x04" + signed_bytes(one) + bytes.fromhex(one["signature"])).digest()


def merkle_root(leaves):
    """RFC 6962, section 2.1, written as it stands there."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\x00" + leaves[0] if leaves else b"").digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below their number
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:half]) + merkle_root(leaves[half:])).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaves_by_entry(published):
    return {tuple(leaf[:3]): (leaf[3], line["n"]) for line in published for leaf in line.get("leaves", ())}


def read_list(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def once(findings):
    return list(dict.fromkeys(findings))


if __name__ == "__main__":
    sys.exit(main())
