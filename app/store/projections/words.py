"""The words a case is found by: lower case, without accents, letters and digits only."""

import re
import unicodedata

LONGEST_WORD = 60


def words_of(*texts: str) -> list[str]:
    """Distinct words of the texts, sorted; a reference is also one word of its own."""
    found: set[str] = set()
    for text in texts:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        found.update(word[:LONGEST_WORD] for word in re.findall(r"[a-z0-9]+", plain))
        if re.search(r"\d", plain) and "-" in plain:
            found.add(re.sub(r"[^a-z0-9-]", "", plain)[:LONGEST_WORD])
    return sorted(found)
