"""Letters: templates a process owner writes, filled with what a case says, as plain text and as accessible PDF. Pure.

It knows no case, no diagram and no store: who reads what, and what becomes of a letter, is the business of `cases`.
"""

from app.letters.filling import Filled, fill
from app.letters.pdf import CannotPrint, pdf
from app.letters.plain import plain
from app.letters.template import (
    FACTS,
    FUNCTIONS,
    LONGEST_TEMPLATE,
    RECIPIENTS,
    Place,
    Template,
    UnreadableTemplate,
    read,
)

__all__ = [
    "FACTS",
    "FUNCTIONS",
    "LONGEST_TEMPLATE",
    "RECIPIENTS",
    "CannotPrint",
    "Filled",
    "Place",
    "Template",
    "UnreadableTemplate",
    "fill",
    "pdf",
    "plain",
    "read",
]
