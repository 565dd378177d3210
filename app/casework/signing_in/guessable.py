"""Passwords that are long enough and still guessed first. Offline: nothing typed ever leaves the installation.

With fifteen characters or more, what is left to refuse is built from a few pieces: a common word said again, words with
a year behind them, a walk over the keyboard. So passwords are taken apart, not looked up in a list of millions.
"""

import re
from functools import cache
from pathlib import Path

#: letters people put other signs for
_DISGUISES = str.maketrans("@4310$57!|", "aaeiosstil")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertyuiop", "asdfghjkl",
    "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
)  # fmt: skip
SHORTEST_RUN = 4
#: pieces a password must have: fewer are tried first
FEWEST_PIECES = 4


def is_guessable(password: str, also: tuple[str, ...] = ()) -> bool:
    """Whether the password falls into fewer than four pieces: common words, runs, repeats, single characters.

    `also`: words of this person, such as their user name.
    """
    words = common_words() | {part for one in also for part in re.split(r"[^a-z]+", one.lower()) if len(part) > 2}
    plain = password.lower().replace(" ", "")
    return any(_pieces(form, words) < FEWEST_PIECES for form in {plain, plain.translate(_DISGUISES)})


@cache
def common_words() -> frozenset[str]:
    """The words of `common_words.txt`."""
    lines = (Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _pieces(text: str, words: frozenset[str]) -> int:
    """The fewest pieces the text falls into; what was said before costs nothing."""
    longest = max(map(len, words))
    fewest = [0] + [len(text)] * len(text)
    for end in range(1, len(text) + 1):
        fewest[end] = fewest[end - 1] + 1
        for start in range(max(0, end - max(longest, 36)), end):
            piece = text[start:end]
            if fewest[start] + 1 < fewest[end] and _is_one(piece, words):
                fewest[end] = fewest[start] + 1
            is_said = text[:start].endswith(piece) or (len(piece) >= SHORTEST_RUN and piece in text[:start])
            if is_said and fewest[start] < fewest[end]:
                fewest[end] = fewest[start]
    return fewest[-1]


def _is_one(piece: str, words: frozenset[str]) -> bool:
    if piece in words or re.fullmatch(r"(19|20)[0-9]{2}", piece):
        return True
    if len(piece) < SHORTEST_RUN:
        return len(piece) == 1
    return any(piece in run or piece[::-1] in run for run in _RUNS)
