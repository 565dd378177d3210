"""A mail server of a test: it takes, refuses and keeps what it is told to, and can be away for a while."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

#: answer to an address, or None to take it
Opinion = Callable[[str], str | None]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class MailServer:
    """Listens on one port of this machine while it is on."""

    def __init__(self, opinion: Opinion = lambda _address: None, seconds: float = 0) -> None:
        """`seconds`: how long it takes over each mail."""
        self.port = free_port()
        self.opinion = opinion
        self.seconds = seconds
        #: every mail it took, with who it is for
        self.taken: list[tuple[str, Message]] = []
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def message_ids(self) -> list[str]:
        return [str(message["Message-ID"]).strip() for _, message in self.taken]

    def on(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def off(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        refused = self.opinion(address)
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.seconds)
        self.taken += [(address, message_from_bytes(envelope.content)) for address in envelope.rcpt_tos]
        return "250 OK"
