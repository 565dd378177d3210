"""A client of Waymark's API in one file: standard library only, to copy and change. The tests of Waymark run it.

waymark = Waymark("https://waymark.example", token)
for task in waymark.tasks(view="overdue"):
    print(task["case"], task["name"], task["due"]["on"])
started = waymark.start("graduated-approach", pupil="…", teacher="…", answers={"reason": "…"})
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

TRIES = 4
TIMEOUT_SECONDS = 30


class Refused(Exception):
    """Waymark did not do it; `problem` is the body of RFC 9457: type, title, status, detail, errors, warnings."""

    def __init__(self, problem: dict[str, Any]) -> None:
        """Keep the whole of it."""
        super().__init__(problem.get("detail", "Refused"))
        self.problem = problem


class Waymark:
    """The API of one installation, for the person of one token."""

    def __init__(self, address: str, token: str) -> None:
        """Nothing is sent yet."""
        self._base, self._token = f"{address.rstrip('/')}/api/v1", token

    def processes(self) -> list[dict[str, Any]]:
        """Every process, with the version that new cases start on."""
        return self._ask("GET", "/processes")["items"]

    def tasks(self, **narrowed: str) -> Iterator[dict[str, Any]]:
        """Tasks of a view (todo, overdue, soon, mine, team, done), page after page."""
        return self._pages("/tasks", narrowed)

    def task(self, task_id: str) -> dict[str, Any]:
        """One task with its form."""
        return self._ask("GET", f"/tasks/{quote(task_id)}")

    def claim(self, task_id: str) -> dict[str, Any]:
        """Take a task."""
        return self._ask("POST", f"/tasks/{quote(task_id)}/claim")

    def complete(self, task_id: str, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Finish a task; `accepted={warning: reason}` goes on in spite of a warning."""
        return self._ask("POST", f"/tasks/{quote(task_id)}/completion", {"answers": answers, **more})

    def start(self, process: str, pupil: str, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Start a case; the receipt names it."""
        return self._ask("POST", "/cases", {"process": process, "pupil": pupil, "answers": answers, **more})

    def cases(self, **narrowed: str) -> Iterator[dict[str, Any]]:
        """Cases you may see, the last changed first."""
        return self._pages("/cases", narrowed)

    def case(self, reference: str) -> dict[str, Any]:
        """Where a case stands."""
        return self._ask("GET", f"/cases/{quote(reference)}")

    def tell(self, reference: str, message: str, answers: dict[str, Any]) -> dict[str, Any]:
        """Tell a case that something happened."""
        return self._ask("POST", f"/cases/{quote(reference)}/messages", {"message": message, "answers": answers})

    def history(self, reference: str) -> Iterator[dict[str, Any]]:
        """What happened in a case, oldest first."""
        return self._pages(f"/cases/{quote(reference)}/entries", {})

    def at(self, reference: str, entry: int) -> dict[str, Any]:
        """A case as it was after one of its entries."""
        return self._ask("GET", f"/cases/{quote(reference)}/entries/{entry}")

    def _pages(self, path: str, narrowed: dict[str, str]) -> Iterator[dict[str, Any]]:
        after: dict[str, Any] = {}
        while True:
            page = self._ask("GET", f"{path}?{urlencode({**narrowed, **after})}")
            yield from page["items"]
            if page["next"] is None:
                return
            after = {"after": page["next"]}

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        content = None
        if method == "POST":
            # One key for every try: sent twice, it is done once and answered the same.
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
            content = json.dumps(body or {}).encode()
        asked = Request(self._base + path, content, headers, method=method)  # noqa: S310 - the address is yours
        for n in range(TRIES):
            try:
                with urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                    return json.load(answer)
            except HTTPError as error:
                if error.code != 503 or n == TRIES - 1:
                    raise Refused(json.load(error)) from None
            except OSError:
                if n == TRIES - 1:
                    raise
            time.sleep(2**n)
        raise AssertionError("unreachable")
