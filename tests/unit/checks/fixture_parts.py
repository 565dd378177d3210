"""Pieces that the fixtures of the checks are put together from: small diagrams with one thing to change."""

from check_drawing import (
    both,
    boundary,
    bpmn,
    end,
    message,
    node,
    process,
    simple,
    start,
    sub,
    timer,
    user,
    wait,
    xor,
)

REPLY = '<bpmn:message id="reply" name="reply"/>'
NEWS = '<bpmn:message id="news" name="news"/>'
ERROR = '<bpmn:error id="stopped" errorCode="stopped"/>'
GOOD = simple()
OK = {"valid.bpmn": GOOD}


def one(*shapes, flows, **attributes):
    """A file with one process."""
    top = attributes.pop("top", "")
    return bpmn(process(list(shapes), flows, **attributes), top=top)


def decision(default="no", **attributes):
    """Begin, a task, a decision with two branches, two ends."""
    yes = attributes.pop("yes", "enough > done : Yes : tier = 1")
    no = attributes.pop("no", "enough > more : No")
    given = {"default": f"enough_to_{default}"} if default else {}
    return one(
        start(),
        user(),
        xor("enough", attributes.pop("name", "Is it enough?"), **given),
        end(),
        end("more", "More support needed"),
        flows=["begin > plan > enough", yes, no],
    )


DECISION = decision("more")
PARALLEL = [start(), both("split"), user("plan"), user("talk", "Talk with parents"), both("join"), end()]
SPLIT = ["begin > split > plan > join > done", "split > talk > join"]


def rejoined(split, join):
    """Two branches that meet again."""
    given = {"default": "split_to_talk"} if split == "exclusiveGateway" else {}
    flows = ["begin > split", "split > plan : Yes : tier = 1" if given else "split > plan"]
    flows += ["split > talk : No" if given else "split > talk", "plan > join > done", "talk > join"]
    return one(
        start(),
        node(split, "split", "Enough?" if given else "", **given),
        user("plan"),
        user("talk", "Talk with parents"),
        node(join, "join"),
        end(),
        flows=flows,
    )


def looped(*inside, exit_from="again"):
    """Begin, what is in the loop, a decision that leads back or to the end."""
    names = [shape.id for shape in inside]
    return one(
        start(),
        xor("back"),
        *inside,
        xor("again", "Again?", default="again_to_done"),
        end(),
        flows=[" > ".join(["begin", "back", *names, "again"]), "again > back : Yes : tier = 1", "again > done : No"],
    )


def first_of(*events, more=()):
    """An event-based gateway with these events, each with an end of its own."""
    ends = [end(f"end_{event.id}", f"After {event.id}") for event in events]
    flows = ["begin > plan > first", *(f"first > {e.id} > end_{e.id}" for e in events), *more]
    return one(
        start(),
        user(),
        node("eventBasedGateway", "first"),
        *events,
        *ends,
        flows=flows,
        top=REPLY + NEWS,
    )


REPLIED = wait("replied", "Reply", message())
SIX_WEEKS = wait("six_weeks", "Six weeks", timer("P6W"))
TEN_DAYS = wait("ten_days", "Ten days", timer("P10D"))


def waiting(inner, **attributes):
    """Begin, one catching event, a task, done."""
    return simple(wait("waiting", "Wait", inner, **attributes), user(), top=REPLY)


def event_sub(inner, **attributes):
    """A process with an event sub-process."""
    begin = start("moved", "Pupil moved", inner, **attributes)
    content = [begin, user("hand_over", "Hand over"), end("handed", "Handed over")]
    shape = sub("on_move", "Pupil moves", content, ["moved > hand_over > handed"], triggeredByEvent="true")
    return one(start(), user(), end(), shape, flows=["begin > plan > done"], top=REPLY + ERROR)


def inside(first):
    """A process with a sub-process that begins with this event."""
    shape = sub("steps", "Steps", [first, user("inner"), end("over", "Over")], [f"{first.id} > inner > over"])
    return simple(shape, top=REPLY)


def failing(code="stopped", catch=True, **attributes):
    """A sub-process that throws an error, and an event that may catch it."""
    thrown = end("stop", "Stopped", '<bpmn:errorEventDefinition id="thrown" errorRef="stopped"/>')
    shapes = [
        start(),
        sub("steps", "Steps", [start("go", "Go"), user("inner"), thrown], ["go > inner > stop"]),
        end(),
    ]
    flows = ["begin > steps > done"]
    if catch:
        inner = '<bpmn:errorEventDefinition id="caught" errorRef="stopped"/>'
        shapes += [boundary("caught_it", "Stopped", "steps", inner, **attributes), end("gave_up", "Given up")]
        flows += ["caught_it > gave_up"]
    return one(*shapes, flows=flows, top=ERROR)


def left_early(ending):
    """One of two parallel branches may end before the join."""
    return one(
        start(),
        both("split"),
        user("plan"),
        xor("needed", "Needed?", default="needed_to_join"),
        ending,
        user("talk", "Talk with parents"),
        both("join"),
        end(),
        flows=[
            "begin > split > plan > needed",
            "needed > gone : No : tier = 1",
            "needed > join : Yes",
            "split > talk > join > done",
        ],
    )
