"""Passing on what an entry sends, to whom the routes say; then the sender says what became of it.

Each receiver and the sender are transactions of their own. Whoever repeats it finds in the links who has it already:
a worker may die anywhere (ADR 0054).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from app.cases import answering
from app.cases.command import Command
from app.cases.definitions import definition_of
from app.cases.events import NotWaiting, deliver
from app.cases.incidents import ENDED, UNDELIVERED
from app.cases.origin import Origin
from app.cases.routes import Route, deployed, keys_of, route_of
from app.cases.sending import is_passed_on
from app.cases.starting import NewCase, start
from app.cases.unit import Decision, Work, write
from app.clock import local_date
from app.errors import Busy, CaseClosed, DiskFull, NotFound, OutOfReach, Rejected
from app.model.entry import Entry, StreamId
from app.model.json import Json, JsonObject
from app.store import journal
from app.store.db import db, reading
from app.store.queries import dues, links, organisations, people
from app.store.rows import CaseRow, case_of

#: these may pass: it is tried again
_PASSING = (Busy, OutOfReach, DiskFull)


@dataclass(frozen=True)
class Sent:
    """One thing an entry sends."""

    #: which of the things it sends
    nth: int
    #: message name
    message: str
    #: BPMN id of the element that sends it, or ""
    element: str
    #: what it carries
    payload: Json
    #: a person told it to the sender: where nobody else waits for it, nothing needs to be said
    is_told: bool = False


@dataclass
class Passed:
    """What became of it."""

    #: message name, or None: the case ended
    message: str | None
    #: which of the things the entry sends
    nth: int
    #: BPMN id of the element that sent it, or ""
    element: str = ""
    #: case id → what was done to it: answered, told, started
    to: dict[str, str] = field(default_factory=dict)
    #: why nobody has it, where nobody has
    reasons: list[str] = field(default_factory=list)

    def to_json(self) -> JsonObject:
        """As the entry keeps it."""
        to: list[Json] = [{"case": case_id, "role": role} for case_id, role in self.to.items()]
        nobody = {} if self.to or not self.reasons else {"nobody": " ".join(self.reasons)}
        return {"message": self.message, "to": to, **nobody}


@dataclass(frozen=True)
class Errand:
    """The entry whose messages are passed on."""

    #: the case that sent them
    sender: CaseRow
    #: the entry
    entry: Entry
    #: the case that asked for the sender, as it was when the entry was written
    asker: str | None
    #: its task that waits for the answer
    asking_task: str | None
    #: of every command: who, when; its key begins the keys of all
    command: Command
    #: only this one of the things it sends, because of a problem that somebody resolves
    only: int | None = None
    #: that problem
    again: str | None = None

    def keyed(self, *parts: object) -> Command:
        """The command for one of the receivers."""
        return replace(self.command, key=":".join(str(one) for one in (self.command.key, *parts)))

    def origin(self, sent: Sent | None, nth: int) -> Origin:
        """As the entry of a receiver says where it comes from."""
        return Origin(self.sender.id, self.entry.seq, nth, sent.message if sent else None)


def pass_on(args: Mapping[str, Any], command: Command) -> None:
    """Pass on what one entry sends; `args` are those of the effect. Repeating it is harmless.

    Raises Busy and the like, to be tried again.
    """
    sender = case_of(reading(), args["case"])
    entry = journal.one(reading(), StreamId("case", args["case"]), args["seq"])
    again = args.get("again")
    is_said = links.is_said(reading(), sender.id, args["seq"], again)
    db.session.rollback()
    if entry is None or is_said:
        return
    errand = Errand(sender, entry, args["asker"], args["asking_task"], command, args.get("only"), again)
    passed = [_pass(errand, sent) for sent in _sent(entry) if errand.only in (None, sent.nth)]
    if errand.only is None and (ended := _end(errand)) is not None:
        passed.append(ended)
    if said := [one for one in passed if one.to or one.reasons]:
        _say(errand, said)


def _sent(entry: Entry) -> Iterator[Sent]:
    """What the entry sends, in order."""
    content: Mapping[str, Any] = entry.content or {}
    for nth, (message, element, payload) in enumerate(content.get("thrown", ())):
        if (route := route_of(message)) is None or not route.outside:
            yield Sent(nth, message, element, payload)
    if is_passed_on(entry.kind, entry.meta):
        nth = len(content.get("thrown", ()))
        yield Sent(nth, str(entry.meta["message"]), "", content.get("payload"), is_told=True)


def _pass(errand: Errand, sent: Sent) -> Passed:
    passed = Passed(sent.message, sent.nth, sent.element)
    had = links.received(reading(), errand.sender.id, errand.entry.seq, sent.nth)
    db.session.rollback()
    passed.to |= {one.case_id: one.role.removesuffix(" by") for one in had}
    if (route := route_of(sent.message)) is None:
        passed.reasons.append(f"No route says where “{sent.message}” goes.")
        return passed
    sent = replace(sent, payload=route.carried(sent.payload))
    if route.answers:
        _answer(errand, sent, passed)
    if route.wakens:
        _waken(errand, sent, route, passed)
    if route.starts is not None and not passed.to:
        _start(errand, sent, route, passed)
    return passed


def _answer(errand: Errand, sent: Sent, passed: Passed) -> None:
    if errand.asker is None:
        passed.reasons.append("No case asked for it.")
        return
    if errand.asker in passed.to:
        return
    if errand.asking_task is None:
        if not _told(errand, sent, errand.asker, passed):
            passed.reasons.append("The case that asked does not wait for it.")
        return
    origin, key = errand.origin(sent, sent.nth), errand.keyed(sent.nth, errand.asker)
    answer = answering.Answer(errand.asking_task, sent.payload, origin, errand.entry.actor)
    how = answering.answer(errand.asker, answer, key)
    if how is None:
        passed.reasons.append("The case that asked was erased.")
    else:
        passed.to[errand.asker] = how


def _waken(errand: Errand, sent: Sent, route: Route, passed: Passed) -> None:
    keys = keys_of(reading(), route.wakens)
    waiting = links.waiting_cases(reading(), errand.sender.pupil_id, sent.message, keys, but=errand.sender.id)
    db.session.rollback()
    for case_id in waiting:
        if route.is_for_one and passed.to:
            break
        if case_id not in passed.to:
            _told(errand, sent, case_id, passed)
    if not passed.to and not sent.is_told:
        passed.reasons.append("No open case of this pupil waits for it.")


def _told(errand: Errand, sent: Sent, case_id: str, passed: Passed) -> bool:
    """Whether the case took the message: another may have been faster, or it went on meanwhile."""
    key = errand.keyed(sent.nth, case_id)
    try:
        deliver(case_id, sent.message, sent.payload, key, errand.origin(sent, sent.nth))
    except _PASSING:
        raise
    except (NotWaiting, CaseClosed, NotFound):
        return False
    except Rejected as refused:
        passed.reasons.append(f"A case could not take it: {refused.sentence}")
        return False
    passed.to[case_id] = "told"
    return True


def _start(errand: Errand, sent: Sent, route: Route, passed: Passed) -> None:
    process = route.starts or ""
    version = deployed(reading(), process)
    can_start = version is not None and sent.message in definition_of(version.digest).message_starts
    lead = _lead(errand, route)
    db.session.rollback()
    if version is None:
        passed.reasons.append(f"The process {process} does not run here.")
        return
    if not can_start:
        passed.reasons.append(f"“{version.name}” does not start by this message.")
        return
    new = NewCase(
        process_key=version.key,
        pupil_id=errand.sender.pupil_id,
        school=errand.sender.school,
        answers={},
        variables={},
        message=sent.message,
        payload=sent.payload,
        origin=errand.origin(sent, sent.nth),
        lead=lead,
    )
    key = errand.keyed(sent.nth, "start")
    try:
        receipt = start(new, key)
    except _PASSING:
        raise
    except Rejected as refused:
        passed.reasons.append(f"“{version.name}” could not be started: {refused.sentence}")
    else:
        passed.to[receipt.case_id] = "started"


def _lead(errand: Errand, route: Route) -> str | None:
    """Who leads the case that is started: the first by id of those who hold the role there today, or nobody."""
    if route.lead is None:
        return None
    word, role = route.lead
    holder = organisations.tree(reading()).holder_of(word, errand.sender.school)
    held = people.holding(reading(), [role], [holder] if holder else [], local_date(errand.command.now))
    return min((one.id for one in held), default=None)


def _end(errand: Errand) -> Passed | None:
    """Tell the case that asked that the sender ended, where it had no answer before."""
    content: Mapping[str, Any] = errand.entry.content or {}
    is_erased = errand.entry.kind == "case-erased"
    if errand.asker is None or errand.asking_task is None or not (content.get("completed") or is_erased):
        return None
    if _has_answered(errand):
        return None
    # after everything that it sent, and after what a person told it and it passed on
    passed = Passed(None, len(content.get("thrown", ())) + 1)
    origin, key = errand.origin(None, passed.nth), errand.keyed(passed.nth, errand.asker)
    outcome = content.get("outcome") or "It came to its end"
    answer = answering.Answer(errand.asking_task, {"outcome": outcome}, origin, errand.entry.actor)
    if is_erased or outcome == ENDED:
        how = answering.never(errand.asker, answer, key)
    else:
        how = answering.answer(errand.asker, answer, key)
    if how is None:
        return None
    passed.to[errand.asker] = how
    return passed


def _has_answered(errand: Errand) -> bool:
    """Whether any entry of the sender so far sent an answer: on its way or there, it is the answer, not the end."""
    entries = journal.entries(reading(), StreamId("case", errand.sender.id), errand.entry.seq)
    db.session.rollback()
    thrown = (message for entry in entries for message, _, _ in _thrown(entry))
    return any((route := route_of(message)) is not None and route.answers for message in thrown)


def _thrown(entry: Entry) -> Iterable[Any]:
    content: Mapping[str, Any] = entry.content or {}
    thrown: Iterable[Any] = content.get("thrown", ())
    return thrown


def _say(errand: Errand, passed: list[Passed]) -> None:
    """The sender says what became of it all."""
    seq = errand.entry.seq

    def decide(work: Work) -> Decision | None:
        if work.case.status == "erased" or links.is_said(work.connection, work.case.id, seq, errand.again):
            return None
        content: JsonObject = {"passed": [one.to_json() for one in passed]}
        if _is_restricted(work, errand.entry):
            content["restricted"] = True
        if troubles := [trouble for one in passed for trouble in _troubles(work, one)]:
            content["troubles"] = troubles
        meta: JsonObject = {"seq": seq, **({"again": errand.again} if errand.again else {})}
        return Decision("message-passed-on", meta=meta, content=content)

    write(errand.sender.id, errand.keyed("said"), "pass-on", [seq, errand.again], decide)


def _troubles(work: Work, passed: Passed) -> Iterator[JsonObject]:
    """A case that waits for what will not come has a problem that a person must see."""
    route = route_of(passed.message) if passed.message else None
    if passed.to or route is None or route.expects is None or work.case.status != "open":
        return
    if dues.subscriptions(work.connection, work.case.id, route.expects):
        sentence = f"Nobody received {route.says}, and this case waits for the reply. {' '.join(passed.reasons)}"
        yield {
            "id": str(uuid4()), "task_id": None, "element": passed.element, "kind": UNDELIVERED, "sentence": sentence,
            "nth": passed.nth,
        }  # fmt: skip


def _is_restricted(work: Work, entry: Entry) -> bool:
    """Whether what was sent came from the restricted compartment."""
    content: Mapping[str, Any] = entry.content or {}
    if content.get("restricted") or content.get("task", {}).get("restricted"):
        return True
    elements = work.definition.elements
    return any(element in elements and elements[element].restricted for _, element, _ in _thrown(entry))
