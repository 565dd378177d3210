"""A deployment: the files of one process as an immutable bundle, addressed by its content.

What the files mean is the business of `app.engine` and `app.forms`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.model.json import canonical


@dataclass(frozen=True)
class Bundle:
    """One deployed version: the BPMN, the DMN, the forms and letters it uses, and the scenarios it is tried with."""

    #: process definition key, the folder name under processes/: "graduated-approach"
    key: str
    #: BPMN id of the process that a case runs
    process_id: str
    #: name of the process, as people call it
    name: str
    #: BPMN files by name; called processes may be in the same or another file
    bpmn: Mapping[str, bytes]
    #: DMN files by name
    dmn: Mapping[str, bytes]
    #: form-js schemas by form key
    forms: Mapping[str, bytes]
    #: what its owners expect of it, case by case, in YAML; empty where they wrote nothing down
    scenarios: bytes = b""
    #: letter templates by name
    letters: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[tuple[str, Mapping[str, bytes]], ...]:
        """Its files by kind, without the scenarios."""
        return (("bpmn", self.bpmn), ("dmn", self.dmn), ("forms", self.forms), ("letters", self.letters))

    @property
    def digest(self) -> str:
        """Address of the content: 64 hex characters over every file and its name."""
        parts = {
            "key": self.key,
            "process": self.process_id,
            **{
                f"{kind}/{name}": hashlib.sha256(content).hexdigest()
                for kind, files in self.kinds
                for name, content in files.items()
            },
            **({"scenarios": hashlib.sha256(self.scenarios).hexdigest()} if self.scenarios else {}),
        }
        return hashlib.sha256(canonical(parts)).hexdigest()
