"""The fixture files of rules about tasks, expressions, tables, forms, limits and names: name → content, by rule."""

from json import dumps

from check_drawing import bpmn, end, message, node, process, simple, start, sub, timer, user, wait
from fixture_parts import DECISION, GOOD, OK, REPLY, decision, one, waiting

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def script(text, script_format="feel", name="Count"):
    """A process with a script task."""
    inner = f"<bpmn:script>{text}</bpmn:script>" if text else ""
    return simple(user(), node("scriptTask", "count", name, inner, scriptFormat=script_format))


def asks(key):
    """A process with a decision task."""
    inner = f"<spiffworkflow:calledDecisionId>{key}</spiffworkflow:calledDecisionId>" if key else ""
    inner = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if key else ""
    return simple(user(), node("businessRuleTask", "decide", "Which tier?", inner))


def table(cell='"met"', variable="tier", key="tier_table", output="next_tier"):
    """A decision table with one rule."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{DMN}" id="{key}_file" name="Tier" namespace="https://waymark.example/dmn">
  <decision id="{key}" name="Next tier">
    <decisionTable id="{key}_rows" hitPolicy="UNIQUE">
      <input id="{key}_in" label="Outcome">
        <inputExpression id="{key}_asked" typeRef="string"><text>{variable}</text></inputExpression>
      </input>
      <output id="{key}_out" label="Next tier" name="{output}" typeRef="number" />
      <rule id="{key}_1">
        <inputEntry id="{key}_1_in"><text>{cell}</text></inputEntry>
        <outputEntry id="{key}_1_out"><text>1</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""


def form(*fields):
    """A form-js schema; each field is (type, variable)."""
    components = [
        {"type": kind, "key": f"field_{i}", "label": f"Field {i}", "properties": {"variable": variable}}
        for i, (kind, variable) in enumerate(fields)
    ]
    return dumps({"type": "default", "components": components}, indent=2) + "\n"


def letter(*lines, to="parents"):
    """A letter template."""
    return "\n".join(["---", "title: About {{ pupil.name }}", f"to: {to}", "---", *lines]) + "\n"


TELLS = simple(user(letter="tell"))
TWO_TASKS = simple(user("look", "Look", formKey="secret", restricted="true"), user(letter="tell"))


def repeated(inner, **attributes):
    """A process with a repeated task."""
    return simple(user("ask", "Ask for advice", inner, **attributes))


def called(key, node_id="run"):
    """A process with a call activity."""
    return simple(node("callActivity", node_id, "Run it", **({"calledElement": key} if key else {})))


def calling_each_other(back):
    """Two processes, the first calling the second, and the second calling `back`."""
    first = [start(), node("callActivity", "run", "Run the second", calledElement="second"), end()]
    inner = user("inner") if back is None else node("callActivity", "rerun", "Run it again", calledElement=back)
    second = [start("go", "Go"), inner, end("over", "Over")]
    return bpmn(
        process(first, ["begin > run > done"]),
        process(second, [f"go > {inner.id} > over"], process_id="second", name="Second"),
    )


MULTI = '<bpmn:multiInstanceLoopCharacteristics id="each">{}</bpmn:multiInstanceLoopCharacteristics>'
LIST = "<bpmn:loopDataInputRef>pupils</bpmn:loopDataInputRef>"
SENT = (
    "<bpmn:extensionElements><spiffworkflow:messagePayload>{}</spiffworkflow:messagePayload></bpmn:extensionElements>"
)
KEPT = (
    "<bpmn:extensionElements><spiffworkflow:messageVariable>{}</spiffworkflow:messageVariable></bpmn:extensionElements>"
)


def sent(payload):
    """A process that sends a message."""
    return simple(user(), node("sendTask", "tell", "Tell", SENT.format(payload), messageRef="reply"), top=REPLY)


def moved_out(text, old, new):
    """A file with something in the drawing replaced."""
    assert old in text, old
    return text.replace(old, new)


PRE = "<bpmn:extensionElements><spiffworkflow:preScript>tier = 1</spiffworkflow:preScript></bpmn:extensionElements>"
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="anyone"'


def decided(**attributes: str) -> str:
    """A task in the lane of a forum's chair."""
    return simple(user(**attributes), role="FCHAIR", organisation="forum")


def given(**attributes: str) -> str:
    """A task in the lane of a partnership's coordinator."""
    return simple(user(**attributes), role="PCOORD", organisation="partnership")


def asking(keys: str) -> str:
    """A form that asks questions with these keys."""
    components = [{"type": "textfield", "key": key, "label": key} for key in keys.split()]
    return dumps({"type": "default", "components": components}, indent=2) + "\n"


PLACE_FORM = asking("place_decision key_stage centre place_type first_day last_day pattern premium top_up")
END_FORM = asking("place_ends_on")

FIXTURES = {
    "task-has-role": {**OK, "invalid.bpmn": simple(role="")},
    "role-known": {**OK, "invalid.bpmn": simple(role="SENCOO")},
    "organisation-known": {"valid.bpmn": simple(organisation="forum"), "invalid.bpmn": simple(organisation="planet")},
    "task-has-form": {
        "valid.bpmn": simple(node("manualTask", "post", "Post the letter")),
        "invalid.bpmn": simple(node("userTask", "plan", "Agree the plan")),
    },
    "form-known": {**OK, "invalid.bpmn": simple(user(formKey="plann"))},
    "due-rule-known": {
        "valid.bpmn": simple(user(dueRule="apdr.first_plan")),
        "valid-written.bpmn": simple(user(dueRule="15 school days", dueBasis="meeting_on")),
        "invalid.bpmn": simple(user(dueRule="apdr.first_plans")),
    },
    "due-once": {
        "valid.bpmn": simple(user(dueDate="meeting_on")),
        "invalid.bpmn": simple(user(dueRule="10 school days", dueDate="meeting_on")),
        "invalid-basis.bpmn": simple(user(dueBasis="meeting_on")),
    },
    "meeting-known": {
        "valid.bpmn": decided(meeting="forum", pack="plan"),
        "invalid.bpmn": decided(meeting="forun"),
        "invalid-board.bpmn": decided(meeting="board"),
    },
    "meeting-lane": {
        "valid.bpmn": decided(meeting="forum"),
        "invalid.bpmn": simple(user(meeting="forum")),
        "invalid-role.bpmn": simple(user(meeting="forum"), organisation="forum"),
        "invalid-kind.bpmn": simple(
            node("manualTask", "talk", "Talk", meeting="forum"), role="FCHAIR", organisation="forum"
        ),
    },
    "meeting-due": {
        "valid.bpmn": decided(meeting="forum"),
        "invalid.bpmn": decided(meeting="forum", dueRule="10 school days"),
    },
    "meeting-restricted": {
        "valid.bpmn": decided(meeting="forum"),
        "invalid.bpmn": decided(meeting="forum", restricted="true"),
    },
    "pack-known": {
        "valid.bpmn": decided(meeting="forum", pack="plan"),
        "invalid.bpmn": decided(meeting="forum", pack="plan wishes"),
        "invalid-alone.bpmn": decided(pack="plan"),
        "invalid-restricted.bpmn": simple(
            user("tell", "Say more", restricted="true"),
            user(meeting="forum", pack="plan"),
            role="FCHAIR",
            organisation="forum",
        ),
    },
    "place-known": {
        "valid.bpmn": given(place="take"),
        "valid.plan.json": PLACE_FORM,
        "invalid.bpmn": given(place="tak"),
        "invalid-kind.bpmn": simple(
            node("manualTask", "talk", "Talk", place="take"), role="PCOORD", organisation="partnership"
        ),
    },
    "place-lane": {
        "valid.bpmn": given(place="end"),
        "valid.plan.json": END_FORM,
        "invalid.bpmn": simple(user(place="end"), role="PCOORD"),
        "invalid.plan.json": END_FORM,
    },
    "place-asked": {
        "valid.bpmn": given(place="end"),
        "valid.plan.json": END_FORM,
        "invalid.bpmn": given(place="take"),
        "invalid.plan.json": END_FORM,
        "invalid-nothing.bpmn": given(place="end"),
    },
    "no-service-task": {**OK, "invalid.bpmn": simple(node("serviceTask", "call", "Call a program"))},
    "no-pre-post-script": {**OK, "invalid.bpmn": simple(node("manualTask", "post", "Post", PRE))},
    "decision-known": {
        "valid.bpmn": asks("tier_table"),
        "valid.tier.dmn": table(),
        "invalid.bpmn": asks("no_table"),
        "invalid-nothing.bpmn": asks(""),
    },
    "called-process-named": {"valid.bpmn": called("elsewhere"), "invalid.bpmn": called("")},
    "called-process-known": {"valid.bpmn": called("elsewhere"), "invalid.bpmn": called("elsewhere_else")},
    "no-call-cycle": {
        "valid.bpmn": calling_each_other(None),
        "invalid.bpmn": calling_each_other("first_plan"),
        "invalid-itself.bpmn": called("first_plan"),
    },
    "loop-bounded": {
        "valid.bpmn": repeated(MULTI.format(LIST)),
        "valid-standard.bpmn": repeated('<bpmn:standardLoopCharacteristics id="again" loopMaximum="3"/>'),
        "invalid.bpmn": repeated(MULTI.format("<bpmn:loopCardinality>1000000000000</bpmn:loopCardinality>")),
        "invalid-typed.bpmn": repeated(MULTI.format("<bpmn:loopCardinality>tier</bpmn:loopCardinality>")),
        "invalid-standard.bpmn": repeated('<bpmn:standardLoopCharacteristics id="again"/>'),
    },
    "condition-readable": {
        "valid.bpmn": DECISION,
        "invalid.bpmn": decision("more", yes="enough > done : Yes : tier == 1"),
        "invalid-python.bpmn": decision("more", yes='enough > done : Yes : __import__("os").getcwd()'),
    },
    "due-readable": {
        "valid.bpmn": simple(user(dueRule="10 school days", dueBasis='meeting_on + duration("P1D")')),
        "invalid.bpmn": simple(user(dueRule="10 school days", dueBasis="meeting_on +")),
    },
    "timer-expression-readable": {
        "valid.bpmn": waiting(timer('due("10 school days", meeting_on)', "timeDate")),
        "invalid.bpmn": waiting(timer('__import__("os").getcwd()', "timeDate")),
    },
    "message-readable": {"valid.bpmn": sent("{ tier: tier }"), "invalid.bpmn": sent("{ tier: }")},
    "loop-readable": {
        "valid.bpmn": repeated(MULTI.format(LIST)),
        "invalid.bpmn": repeated(MULTI.format("<bpmn:loopDataInputRef>pupils[</bpmn:loopDataInputRef>")),
    },
    "script-is-feel": {
        "valid.bpmn": script("{ tier: 2 }"),
        "invalid.bpmn": script("import os", "python"),
        "invalid-empty.bpmn": script(""),
    },
    "script-readable": {
        "valid.bpmn": script("{ round: if tier = null then 1 else tier + 1 }"),
        "invalid.bpmn": script("{ round: tier + }"),
        "invalid-no-context.bpmn": script("tier + 1"),
    },
    "variable-name": {
        "valid.bpmn": script("{ plan_agreed_on: meeting_on }"),
        "invalid.bpmn": script("{ PlanAgreedOn: meeting_on }"),
        "invalid-message.bpmn": simple(wait("heard", "Heard", KEPT.format("The Reply") + message()), user(), top=REPLY),
    },
    "variable-set": {
        "valid.bpmn": DECISION,
        "valid-own.bpmn": script("{ round: 1, next_round: round + 1 }"),
        "invalid.bpmn": decision("more", yes="enough > done : Yes : tierr = 1"),
    },
    "decision-readable": {**OK, "valid.tier.dmn": table(), "invalid.bpmn": GOOD, "invalid.tier.dmn": "<html/>"},
    "decision-supported": {
        **OK,
        "valid.tier.dmn": table('"met","partly met"'),
        "invalid.bpmn": GOOD,
        "invalid.tier.dmn": table('__import__("os")'),
    },
    "decision-variable-set": {
        **OK,
        "valid.tier.dmn": table(),
        "invalid.bpmn": GOOD,
        "invalid.tier.dmn": table(variable="teir"),
    },
    "one-decision-per-key": {
        **OK,
        "valid.tier.dmn": table(),
        "valid.other.dmn": table(key="other_table"),
        "invalid.bpmn": GOOD,
        "invalid.tier.dmn": table(),
        "invalid.other.dmn": table(),
    },
    "form-readable": {
        **OK,
        "valid.plan.json": form(("number", "tier")),
        "invalid.bpmn": GOOD,
        "invalid.plan.json": "{",
        "invalid-no-fields.bpmn": GOOD,
        "invalid-no-fields.plan.json": "[]\n",
    },
    "form-variable-type": {
        **OK,
        "valid.plan.json": form(("number", "tier")),
        "valid.review.json": form(("number", "tier")),
        "invalid.bpmn": GOOD,
        "invalid.plan.json": form(("number", "tier")),
        "invalid.review.json": form(("textfield", "tier")),
    },
    "form-variable-name": {
        **OK,
        "valid.plan.json": form(("datetime", "agreed_on")),
        "invalid.bpmn": GOOD,
        "invalid.plan.json": form(("datetime", "Agreed on")),
    },
    "form-variable-answer": {
        **OK,
        "valid.plan.json": form(("checkbox", "agreed")),
        "invalid.bpmn": GOOD,
        "invalid.plan.json": form(("image", "agreed")),
    },
    "letter-known": {
        "valid.bpmn": TELLS,
        "valid.tell.md": letter("Dear parents"),
        "invalid.bpmn": simple(user(letter="tel")),
    },
    "letter-task": {
        "valid.bpmn": TELLS,
        "valid.tell.md": letter("Dear parents"),
        "invalid.bpmn": simple(node("manualTask", "plan", "Agree the plan", letter="tell")),
        "invalid.tell.md": letter("Dear parents"),
    },
    "letter-readable": {
        "valid.bpmn": TELLS,
        "valid.tell.md": letter("{{ if tier > 1 }}", "Dear parents", "{{ else }}", "Hello", "{{ end }}"),
        "invalid.bpmn": TELLS,
        "invalid.tell.md": letter("{{ if tier > 1 }}", "Dear parents"),
        "invalid-place.bpmn": TELLS,
        "invalid-place.tell.md": letter("Dear {{ pupil.name + }}"),
        "invalid-to.bpmn": TELLS,
        "invalid-to.tell.md": letter("Dear parents", to="mum"),
    },
    "letter-placeholder": {
        "valid.bpmn": TELLS,
        "valid.plan.json": form(("textfield", "said")),
        "valid.tell.md": letter("{{ tier }}, {{ said }}, {{ answers.plan.field_0 }}, {{ school.name }}, {{ today }}"),
        "invalid.bpmn": TELLS,
        "invalid.tell.md": letter("{{ teir }}"),
        "invalid-fact.bpmn": TELLS,
        "invalid-fact.tell.md": letter("{{ pupil.nam }}"),
        "invalid-form.bpmn": TELLS,
        "invalid-form.tell.md": letter("{{ answers.plann.said }}"),
        "invalid-answer.bpmn": TELLS,
        "invalid-answer.plan.json": form(("textfield", "said")),
        "invalid-answer.tell.md": letter("{{ answers.plan.field_9 }}"),
    },
    "letter-restricted": {
        "valid.bpmn": simple(user("look", "Look", formKey="secret", restricted="true", letter="tell")),
        "valid.secret.json": form(("textfield", "said")),
        "valid.tell.md": letter("{{ answers.secret.field_0 }}"),
        "invalid.bpmn": TWO_TASKS,
        "invalid.secret.json": form(("textfield", "said")),
        "invalid.tell.md": letter("{{ answers.secret.field_0 }}"),
    },
    "letter-used": {
        "valid.bpmn": TELLS,
        "valid.tell.md": letter("Dear parents"),
        "invalid.bpmn": GOOD,
        "invalid.tell.md": letter("Dear parents"),
    },
    "element-supported": {
        **OK,
        "invalid.bpmn": simple(sub("any", "In any order", [user("inner")], [], kind="adHocSubProcess")),
        "invalid-transaction.bpmn": simple(
            sub(
                "all",
                "All or none",
                [start("go", "Go"), user("inner"), end("over", "Over")],
                ["go > inner > over"],
                kind="transaction",
            )
        ),
        "invalid-complex.bpmn": simple(user(), node("complexGateway", "odd"), user("talk", "Talk")),
        "invalid-unknown.bpmn": moved_out(GOOD, "</bpmn:process>", '<bpmn:robot id="robot"/></bpmn:process>'),
        "invalid-foreign.bpmn": moved_out(GOOD, "</bpmn:process>", '<x xmlns="urn:x"/></bpmn:process>'),
    },
    "attribute-supported": {
        **OK,
        "invalid.bpmn": simple(user(isForCompensation="true")),
        "invalid-parallel.bpmn": simple(user(completionQuantity="2")),
        "invalid-unknown.bpmn": simple(user(secret="yes")),
    },
    "language-is-feel": {
        "valid.bpmn": DECISION,
        "invalid.bpmn": moved_out(
            DECISION, 'xsi:type="bpmn:tFormalExpression"', 'xsi:type="bpmn:tFormalExpression" language="python"'
        ),
    },
    "no-foreign-extension": {**OK, "invalid.bpmn": moved_out(GOOD, 'id="plan" name', f'{CAMUNDA} id="plan" name')},
    "size": {
        "valid.bpmn": simple(*(user(f"task_{n}", f"Task {n}") for n in range(30))),
        "invalid.bpmn": simple(*(user(f"task_{n}", f"Task {n}") for n in range(301))),
    },
    "id-form": {
        **OK,
        "invalid.bpmn": simple(user("../plan")),
        "invalid-proto.bpmn": simple(user("__proto__")),
        "invalid-constructor.bpmn": simple(user("constructor")),
    },
    "id-reserved": {**OK, "invalid.bpmn": one(start("Start"), user(), end(), flows=["Start > plan > done"])},
    "id-unique": {
        **OK,
        "invalid.bpmn": moved_out(GOOD, "</bpmn:process>", '<bpmn:textAnnotation id="plan"/></bpmn:process>'),
    },
    "reference-exists": {
        **OK,
        "invalid.bpmn": moved_out(
            GOOD, 'targetRef="done"/>', 'targetRef="done"/><bpmn:association id="a" sourceRef="plan" targetRef="done"/>'
        ).replace(
            "</bpmndi:BPMNPlane>",
            '<bpmndi:BPMNShape id="gone_di" bpmnElement="gone"><dc:Bounds x="1" y="1" '
            'width="1" height="1"/></bpmndi:BPMNShape></bpmndi:BPMNPlane>',
        ),
        "invalid-message.bpmn": waiting(message()).replace(REPLY, ""),
    },
    "label-present": {**OK, "invalid.bpmn": simple(user(name=""))},
    "name-length": {
        **OK,
        "invalid.bpmn": simple(user(name="Plan " * 30)),
        "invalid-lane.bpmn": simple(lane="a" * 9_000),
    },
    "name-characters": {
        **OK,
        "invalid.bpmn": simple(user(name="Plan \u202egnp.exe")),
        "invalid-lane.bpmn": simple(lane="ad\u200bmin"),
    },
    "drawn": {**OK, "invalid.bpmn": moved_out(GOOD, 'bpmnElement="plan"', 'bpmnElement="begin"')},
    "flow-drawn": {**OK, "invalid.bpmn": moved_out(GOOD, 'bpmnElement="plan_to_done"', 'bpmnElement="begin_to_plan"')},
    "coordinates": {
        **OK,
        "invalid.bpmn": moved_out(GOOD, 'width="120"', 'width="NaN"'),
        "invalid-far.bpmn": moved_out(GOOD, 'width="120"', 'width="1e308"'),
    },
}
