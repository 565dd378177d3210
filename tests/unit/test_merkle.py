"""The tree of RFC 6962: its well-known vectors, and the definition as it stands there."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.merkle import root

#: leaves and roots of the Certificate Transparency reference implementation
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def as_it_stands_in_the_rfc(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return hashlib.sha256(b"\x00" + leaves[0] if leaves else b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = as_it_stands_in_the_rfc(leaves[:half]), as_it_stands_in_the_rfc(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("count", range(1, 9))
def test_the_root_is_the_published_one(count: int) -> None:
    assert root(bytes.fromhex(one) for one in LEAVES[:count]).hex() == ROOTS[count - 1]


def test_an_empty_tree_is_the_hash_of_nothing() -> None:
    assert root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("count", range(70))
def test_every_number_of_leaves_gives_what_the_definition_gives(count: int) -> None:
    leaves = [bytes([one]) for one in range(count)]
    assert root(leaves) == as_it_stands_in_the_rfc(leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=20), st.binary(max_size=8), st.integers(0, 19))
def test_another_leaf_anywhere_gives_another_root(leaves: list[bytes], other: bytes, place: int) -> None:
    changed = list(leaves)
    changed[place % len(leaves)] = other
    assert (root(changed) == root(leaves)) == (changed == leaves)


def test_two_hashes_are_no_leaf() -> None:
    # given a tree of two leaves, and one leaf made of their two hashes
    left, right = (hashlib.sha256(b"\x00" + one).digest() for one in (b"a", b"b"))
    # then they do not have the same root
    assert root([b"a", b"b"]) != root([left + right])
