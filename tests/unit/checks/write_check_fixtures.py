"""Writes the fixture folders when run as a script. What the fixtures must give is tested in `test_checks.py`."""

from pathlib import Path

import fixtures_of_content
import fixtures_of_structure

HERE = Path(__file__).parent


def write() -> None:
    """Write every fixture file."""
    for rule_id, files in {**fixtures_of_structure.FIXTURES, **fixtures_of_content.FIXTURES}.items():
        folder = HERE / rule_id
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
