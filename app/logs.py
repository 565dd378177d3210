"""Log lines: plain or JSON, with the request and the case they belong to, and nothing that people typed.

What an exception says may quote a value of a case, so a line names its kind and its places in the program, never its
words; only kinds whose words are about the program itself keep them. What is logged, each module decides.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

#: the request that is being answered, or ""
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
#: the case that is being worked on, or ""; an id, never a name
CASE_ID: ContextVar[str] = ContextVar("case_id", default="")
#: what they say is about the program
_ABOUT_THE_PROGRAM = (AttributeError, NameError, ImportError, RecursionError, MemoryError, NotImplementedError)
#: places in the program kept of one exception
MOST_PLACES = 30


@contextmanager
def about_case(case_id: str) -> Iterator[None]:
    """Lines written meanwhile belong to this case."""
    before = CASE_ID.set(case_id)
    try:
        yield
    finally:
        CASE_ID.reset(before)


def configure(kind: str) -> None:
    """Write the log of this process to stderr: JSON lines from INFO on, or plain ones from WARNING on."""
    is_json = kind == "json"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if is_json else PlainLines())
    logging.basicConfig(level=logging.INFO if is_json else logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every short wait
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every tick
    logging.getLogger("alembic").setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, Any] = {"at": _at(record), "level": record.levelname.lower(), "logger": record.name}
        line |= {"message": _said(record)} | _belongs_to() | getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["trouble"] = places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=str)


class PlainLines(logging.Formatter):
    """One line for a person, with the places of an exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines of a record."""
        words = {**_belongs_to(), **getattr(record, "fields", {})}
        more = "".join(f" {name}={value}" for name, value in words.items())
        line = f"{_at(record)} {record.levelname} {record.name}: {_said(record)}{more}"
        if record.exc_info and record.exc_info[1] is not None:
            line += "".join(f"\n  {place}" for place in places(record.exc_info[1]))
        return line


def places(error: BaseException) -> list[str]:
    """An exception and what caused it: their kinds and where they came from, innermost last."""
    found: list[str] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        found += [*places(cause), "which led to"]
    for frame in traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]:
        found.append(f"{frame.filename}:{frame.lineno} in {frame.name}")
    return [*found, described(error)]


def described(error: BaseException) -> str:
    """The kind of an exception, with what identifies it and cannot quote anybody."""
    kind = type(error).__name__
    if isinstance(error, _ABOUT_THE_PROGRAM):
        return f"{kind}: {error}"
    code = getattr(getattr(error, "orig", error), "sqlstate", None) or getattr(error, "errno", None)
    return f"{kind} {code}" if code is not None else kind


def _said(record: logging.LogRecord) -> str:
    """The message, with exceptions among its arguments described rather than quoted."""
    if isinstance(record.msg, BaseException):
        return described(record.msg)
    if not isinstance(record.args, tuple) or not record.args:
        return record.getMessage()
    return str(record.msg) % tuple(described(one) if isinstance(one, BaseException) else one for one in record.args)


def _belongs_to() -> dict[str, str]:
    found = {"request_id": REQUEST_ID.get(), "case_id": CASE_ID.get()}
    return {name: value for name, value in found.items() if value}


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
