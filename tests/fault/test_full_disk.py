"""F8: the database can grow no further while people work: they are told, can read, and go on later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from fault.completing import ANSWERS, ELEMENTS, Load, Sent, judge, prepared
from fault.servers import Answer, ask
from support import installation
from support.fixtures import close
from support.pages import serving, web_application

from app.store.db import db

#: what SQLite reads as "as large as it is now", and its largest
AS_IT_IS, WITHOUT_END = 1, 4294967294


@pytest.fixture
def template(tmp_path: Path) -> installation.Template:
    """On SQLite: only that can be told how large it may grow."""
    return installation.prepare(tmp_path / "template")


class Disk:
    """The size that every connection may let the database grow to."""

    def __init__(self, engine: sa.Engine) -> None:
        """There is room."""
        self._pages = WITHOUT_END
        sa.event.listen(engine, "begin", self._limit)

    def _limit(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={self._pages}")

    @contextmanager
    def full(self) -> Iterator[None]:
        """Not one page more, until the block is left."""
        self._pages = AS_IT_IS
        try:
            yield
        finally:
            self._pages = WITHOUT_END


def test_a_full_disk_refuses_in_plain_words_and_loses_nothing(template: installation.Template, tmp_path: Path) -> None:
    fill_up(template, tmp_path / "data", cases=8)


@pytest.mark.long
def test_a_disk_that_fills_up_again_and_again_loses_nothing(template: installation.Template, tmp_path: Path) -> None:
    fill_up(template, tmp_path / "data", cases=200, times=10)


def fill_up(template: installation.Template, folder: Path, cases: int, times: int = 1) -> None:
    """Complete every task of so many cases, while the disk is full so many times on the way."""
    with installation.copy(template, folder) as settings:
        app = web_application(settings)
        with app.app_context():
            disk, ports = Disk(db.engine), list[int]()
            load = prepared(cases, lambda: ports)
            page = installation.sign_in(app, "senco")
            assert page.get("/inbox").status_code == 200
            db.session.remove()
        with serving(app) as address:
            ports.append(urlsplit(address).port or 0)
            assert load.until_answered("senco", "GET", "/tasks").status == 200
            references = list(load.cases.values())
            for n in range(times):
                # given some work that was done, and the disk full
                batch = references[n * len(references) // times : (n + 1) * len(references) // times]
                with disk.full():
                    refused = until_refused(load, ports[0], batch)
                    # then it is said what is wrong, on pages too, and what is there can be read
                    assert refused.status == 503
                    assert refused.body["type"] == "urn:waymark:disk-full"
                    assert "What was saved before is there and can be read." in refused.body["detail"]
                    assert ask(ports[0], load.tokens["senco"], "GET", f"/cases/{batch[0]}").status == 200
                    assert page.get("/inbox").status_code == 200
                    assert page.get(f"/cases/{batch[0]}").status_code == 200
                # and when there is room again, everybody goes on
                for thread in load.work(people=4):
                    thread.join()
                assert load.trouble == []
        with app.app_context():
            judge(load)
            close()


def until_refused(load: Load, port: int, batch: list[str]) -> Answer:
    """Complete tasks until one is not accepted; that answer."""
    for reference in batch:
        case = ask(port, load.tokens["senco"], "GET", f"/cases/{reference}").body
        task = next(one for one in case["tasks"] if one["element"] in ELEMENTS)
        body, key = {"answers": ANSWERS[task["element"]][0]}, f"full {task['id']}"
        answer = ask(port, load.tokens["senco"], "POST", f"/tasks/{task['id']}/completion", body, key)
        if answer.status != 200:
            return answer
        load.sent.append(Sent(task["id"], "senco", answer))
    raise AssertionError("the disk never was full")
