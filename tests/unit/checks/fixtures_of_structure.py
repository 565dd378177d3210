"""The fixture files of rules about structure, gateways, events and timers: file name → content, by rule."""

from check_drawing import both, boundary, bpmn, end, message, node, process, simple, start, sub, timer, user, wait, xor
from fixture_parts import (
    DECISION,
    GOOD,
    NEWS,
    OK,
    PARALLEL,
    REPLIED,
    REPLY,
    SIX_WEEKS,
    SPLIT,
    TEN_DAYS,
    decision,
    event_sub,
    failing,
    first_of,
    inside,
    left_early,
    looped,
    one,
    rejoined,
    waiting,
)

FIXTURES = {
    "readable": {**OK, "invalid.bpmn": GOOD[: len(GOOD) // 2], "invalid-other.bpmn": "<html/>"},
    "executable-process": {**OK, "invalid.bpmn": GOOD.replace(' isExecutable="true"', "")},
    "one-process-per-id": {
        **OK,
        "also-valid.bpmn": simple(process_id="second"),
        "invalid.bpmn": GOOD,
        "also-invalid.bpmn": GOOD,
    },
    "one-start": {
        **OK,
        "valid-message.bpmn": one(
            start(),
            start("asked", "Asked", message()),
            xor("either"),
            user(),
            end(),
            flows=["begin > either > plan > done", "asked > either"],
            top=REPLY,
        ),
        "invalid.bpmn": one(
            start(), start("other", "Other"), user(), end(), flows=["begin > plan > done", "other > plan"]
        ),
        "invalid-none.bpmn": one(user(), end(), flows=["plan > done"]),
    },
    "start-has-roles": {
        **OK,
        "valid-message.bpmn": one(
            start("asked", "Asked", message()), user(), end(), flows=["asked > plan > done"], top=REPLY
        ),
        "valid-called.bpmn": bpmn(
            process(
                [start(), node("callActivity", "work", "Work", calledElement="inner"), end()],
                ["begin > work > done"],
            ),
            process(
                [start("begin_inner", "Begun", startRoles=""), user(), end("done_inner")],
                ["begin_inner > plan > done_inner"],
                "inner",
                "Inner",
            ),
        ),
        "invalid.bpmn": one(start(startRoles=""), user(), end(), flows=["begin > plan > done"]),
    },
    "start-role-known": {
        **OK,
        "invalid.bpmn": one(start(startRoles="SENCO HOS"), user(), end(), flows=["begin > plan > done"]),
    },
    "has-end": {**OK, "invalid.bpmn": one(start(), user(), flows=["begin > plan"])},
    "dead-end": {
        "valid.bpmn": one(*PARALLEL, flows=SPLIT),
        "invalid.bpmn": one(
            start(),
            both("split"),
            user(),
            user("talk", "Talk"),
            end(),
            flows=["begin > split > plan > done", "split > talk"],
        ),
    },
    "reachable": {
        **OK,
        "invalid.bpmn": one(
            start(),
            user(),
            end(),
            user("lost", "Lost"),
            end("never", "Never"),
            flows=["begin > plan > done", "lost > never"],
        ),
    },
    "no-flow-into-start": {
        "valid.bpmn": looped(user()),
        "invalid.bpmn": one(
            start(),
            user(),
            xor("again", "Again?", default="again_to_done"),
            end(),
            flows=["begin > plan > again", "again > begin : Yes : tier = 1", "again > done : No"],
        ),
        "invalid-end.bpmn": one(
            start(),
            user(),
            end(),
            user("after", "After"),
            end("over", "Over"),
            flows=["begin > plan > done > after > over"],
        ),
    },
    "flow-stays-inside": {
        "valid.bpmn": inside(start("go", "Go")),
        "invalid.bpmn": one(
            start(),
            sub("steps", "Steps", [start("go", "Go"), user("inner"), end("over", "Over")], ["go > inner > over"]),
            user(),
            end(),
            flows=["begin > steps > plan > done"],
        )
        .replace('sourceRef="inner" targetRef="over"', 'sourceRef="inner" targetRef="plan"')
        .replace('<bpmn:endEvent id="over" name="Over"/>', "")
        .replace('bpmnElement="over"', 'bpmnElement="inner"'),
    },
    "no-implicit-split": {
        "valid.bpmn": one(*PARALLEL, flows=SPLIT),
        "invalid.bpmn": one(
            start(),
            user(),
            user("talk", "Talk"),
            end(),
            end("over", "Over"),
            flows=["begin > plan > done", "plan > talk > over"],
        ),
    },
    "no-implicit-join": {
        "valid.bpmn": looped(user()),
        "invalid.bpmn": one(
            start(),
            user(),
            xor("again", "Again?", default="again_to_done"),
            end(),
            flows=["begin > plan > again", "again > plan : Yes : tier = 1", "again > done : No"],
        ),
    },
    "no-deadlock": {
        "valid.bpmn": rejoined("parallelGateway", "parallelGateway"),
        "valid-exclusive.bpmn": rejoined("exclusiveGateway", "exclusiveGateway"),
        "valid-loop.bpmn": one(
            start(),
            xor("back"),
            both("split"),
            user("plan"),
            user("talk", "Talk with parents"),
            both("join"),
            xor("again", "Again?", default="again_to_done"),
            end(),
            flows=[
                "begin > back > split > plan > join > again",
                "split > talk > join",
                "again > back : Yes : tier = 1",
                "again > done : No",
            ],
        ),
        "valid-ended.bpmn": left_early(end("gone", "Not needed", "<bpmn:terminateEventDefinition/>")),
        "invalid.bpmn": rejoined("exclusiveGateway", "parallelGateway"),
        "invalid-ended.bpmn": left_early(end("gone", "Not needed")),
        "invalid-interrupted.bpmn": one(
            start(),
            both("split"),
            user("plan"),
            boundary("late", "Six weeks over", "plan", timer("P6W")),
            end("gone", "Not needed"),
            user("talk", "Talk with parents"),
            both("join"),
            end(),
            flows=["begin > split > plan > join > done", "split > talk > join", "late > gone"],
        ),
    },
    "no-multiple-merge": {
        "valid.bpmn": rejoined("parallelGateway", "parallelGateway"),
        "invalid.bpmn": rejoined("parallelGateway", "exclusiveGateway"),
    },
    "loop-has-gateway": {
        "valid.bpmn": looped(user()),
        "invalid.bpmn": one(start(), user(), user("talk", "Talk"), flows=["begin > plan > talk > plan"]),
    },
    "loop-waits": {
        "valid.bpmn": looped(user()),
        "valid-timer.bpmn": looped(SIX_WEEKS),
        "invalid.bpmn": looped(
            node("scriptTask", "count", "Count", "<bpmn:script>{ tier: 2 }</bpmn:script>", scriptFormat="feel")
        ),
    },
    "gateway-default": {"valid.bpmn": DECISION, "invalid.bpmn": decision("", no="enough > more : No : tier = 2")},
    "condition-present": {"valid.bpmn": DECISION, "invalid.bpmn": decision("more", yes="enough > done : Yes")},
    "condition-in-place": {
        "valid.bpmn": DECISION,
        "invalid.bpmn": one(start(), user(), end(), flows=["begin > plan", "plan > done : Yes : tier = 1"]),
        "invalid-parallel.bpmn": one(
            *PARALLEL,
            flows=[
                *SPLIT[:0],
                "begin > split",
                "split > plan : Yes : tier = 1",
                "split > talk > join > done",
                "plan > join",
            ],
        ),
    },
    "default-without-condition": {
        "valid.bpmn": DECISION,
        "invalid.bpmn": decision("more", no="enough > more : No : tier = 2"),
    },
    "branch-label": {"valid.bpmn": DECISION, "invalid.bpmn": decision("more", no="enough > more")},
    "gateway-of-use": {"valid.bpmn": DECISION, "invalid.bpmn": simple(user(), xor("idle"))},
    "event-gateway-events": {
        "valid.bpmn": first_of(REPLIED, SIX_WEEKS),
        "invalid.bpmn": first_of(wait("heard", "Reply", message()), user("talk", "Talk")),
    },
    "event-gateway-once": {
        "valid.bpmn": first_of(wait("heard", "Reply", message()), wait("after_10", "Ten days", timer("P10D"))),
        "invalid.bpmn": first_of(wait("after_6", "Six weeks", timer("P6W")), TEN_DAYS),
        "invalid-message.bpmn": first_of(
            wait("heard", "Reply", message()), wait("again", "Reply", message().replace("reply_event", "other_event"))
        ),
    },
    "event-kind": {
        "valid.bpmn": waiting(timer("P6W")),
        "valid-throw.bpmn": simple(user(), node("intermediateThrowEvent", "told", "Told", message()), top=REPLY),
        "invalid.bpmn": one(
            start(), user(), end("done", "Over", '<bpmn:signalEventDefinition id="s"/>'), flows=["begin > plan > done"]
        ),
        "invalid-link.bpmn": simple(
            node("intermediateThrowEvent", "jump", "Jump", '<bpmn:linkEventDefinition id="l" name="L"/>')
        ),
        "invalid-compensation.bpmn": simple(
            node("intermediateThrowEvent", "undo", "Undo", '<bpmn:compensateEventDefinition id="c"/>')
        ),
        "invalid-timer-start.bpmn": one(
            start("begin", "Monday", timer("P6W")), user(), end(), flows=["begin > plan > done"]
        ),
        "invalid-conditional.bpmn": waiting(
            '<bpmn:conditionalEventDefinition id="c"><bpmn:condition>tier = 1</bpmn:condition>'
            "</bpmn:conditionalEventDefinition>"
        ),
    },
    "inner-start": {"valid.bpmn": inside(start("go", "Go")), "invalid.bpmn": inside(start("go2", "Go", message()))},
    "event-sub-process-start": {
        "valid.bpmn": event_sub(message()),
        "valid-not-interrupting.bpmn": event_sub(message(), isInterrupting="false"),
        "invalid.bpmn": event_sub(timer("P6W")),
        "invalid-plain.bpmn": event_sub(""),
    },
    "message-named": {
        "valid.bpmn": waiting(message()),
        "invalid.bpmn": waiting('<bpmn:messageEventDefinition id="m"/>'),
        "invalid-task.bpmn": simple(node("sendTask", "tell", "Tell parents")),
    },
    "message-routed": {
        "valid.bpmn": simple(user(), node("sendTask", "tell", "Tell parents", messageRef="reply"), top=REPLY),
        "invalid.bpmn": simple(user(), node("sendTask", "tell", "Tell parents", messageRef="news"), top=NEWS),
    },
    "boundary-on-activity": {
        "valid.bpmn": one(
            start(),
            user(),
            boundary("late", "Late", "plan", timer("P6W")),
            end(),
            end("over", "Too late"),
            flows=["begin > plan > done", "late > over"],
        ),
        "invalid.bpmn": one(
            start(),
            both("split"),
            user(),
            user("talk", "Talk"),
            both("join"),
            boundary("late", "Late", "join", timer("P6W")),
            end(),
            end("over", "Too late"),
            flows=[*SPLIT, "late > over"],
        ),
    },
    "error-interrupts": {"valid.bpmn": failing(), "invalid.bpmn": failing(cancelActivity="false")},
    "error-caught": {"valid.bpmn": failing(), "invalid.bpmn": failing(catch=False)},
    "timer-set": {
        "valid.bpmn": waiting('<bpmn:timerEventDefinition id="t"/>', dueRule="15 school days", dueBasis="meeting_on"),
        "invalid.bpmn": waiting('<bpmn:timerEventDefinition id="t"/>'),
    },
    "no-timer-cycle": {
        "valid.bpmn": looped(wait("in_six_weeks", "Six weeks", timer("P6W"))),
        "invalid.bpmn": waiting(timer("R/P6W", "timeCycle")),
        "invalid-no-time.bpmn": waiting(timer("R/PT0S", "timeCycle")),
    },
    "timer-readable": {
        "valid.bpmn": waiting(timer("P6W")),
        "valid-date.bpmn": waiting(timer("2027-01-05", "timeDate")),
        "invalid.bpmn": waiting(timer("P6X")),
        "invalid-date.bpmn": waiting(timer("2027-02-30", "timeDate")),
        "invalid-years.bpmn": waiting(timer("P999999999Y")),
    },
    "timer-bounds": {
        "valid.bpmn": waiting(timer("PT2H")),
        "invalid.bpmn": waiting(timer("PT10S")),
        "invalid-negative.bpmn": waiting(timer("-P1D")),
        "invalid-years.bpmn": waiting(timer("P26Y")),
    },
    "timer-offset": {
        "valid.bpmn": waiting(timer("2027-01-05T09:00:00Z", "timeDate")),
        "invalid.bpmn": waiting(timer("2027-01-05T09:00:00", "timeDate")),
    },
}
