"""What the people of the demonstration answer to each form. Who answers and when is decided in `simulation`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.casework.demo.authority import DemoPupil
from app.casework.demo.stories import Round, Story, phrases
from app.model.json import JsonObject

#: what to write where a warning asks for a reason
REASON_FOR_WARNING = "The school and the parents agree that this cannot wait for another round."
#: why something is late
LATE = "workload"


@dataclass(frozen=True)
class Scene:
    """What somebody knows when they answer."""

    #: the case's story
    story: Story
    #: the pupil
    pupil: DemoPupil
    #: which round it is, from 1
    number: int
    #: which time the task is answered, from 1
    nth: int
    #: the date in England
    today: date
    #: process variables
    variables: Mapping[str, Any]
    #: six weeks on, by the school's calendar
    review_date: date
    #: id of the file that shows the consent, where there is one
    evidence: str | None = None

    @property
    def round(self) -> Round:
        """What is decided in this round."""
        return self.story.round(self.number)

    @property
    def day(self) -> str:
        """Today as an answer holds it."""
        return self.today.isoformat()

    @property
    def parent(self) -> str:
        """Whoever is contacted first."""
        return self.pupil.parents[0].name

    def say(self, key: str) -> str:
        """The sentence for a field in the words of this case."""
        return str(self.pick(key)).replace("{pupil}", self.pupil.preferred_name or self.pupil.forename)

    def pick(self, key: str) -> Any:
        """The value for a field: of several, another one for each pupil and each time."""
        value = phrases()[self.story.area][key]
        return value[(int(self.pupil.id[-2:]) + self.nth) % len(value)] if isinstance(value, list) else value

    def outcome(self) -> dict[str, str]:
        """The outcome that this round works on."""
        found: list[dict[str, str]] = phrases()[self.story.area]["outcomes"]
        return found[(self.number - 1) % len(found)]


def answers_to(element: str, scene: Scene) -> JsonObject:
    """Answers to the form of a task, before they are checked."""
    return _ANSWERS.get(element, _by_hand)(scene)


def concern(scene: Scene) -> JsonObject:
    """The start form."""
    return {
        "concern_areas": [scene.story.area],
        "description": scene.say("description"),
        "raised_by": "parent" if scene.story.by == "SENCO" else "staff",
        "safeguarding_concern": "yes" if scene.story.safeguarding else "no",
    }


def _check_universal_offer(scene: Scene) -> JsonObject:
    tried = phrases()[scene.story.area]["strategies"]
    effects = ("same", "better", "worse")
    rows = [{"what": what, "weeks": 4 + n, "effect": effects[n % 3]} for n, what in enumerate(tried[:3])]
    return {"strategies_tried": rows}


def _talk_with_family(scene: Scene) -> JsonObject:
    consent = scene.story.consent
    return {
        "talked_on": scene.day,
        "parents_told": True,
        "parent_view": scene.say("parent_view"),
        "pupil_view": scene.say("pupil_view"),
        "consent_to_share": "yes" if consent in {"verbal", "written"} else consent,
        "consent_to": ["forum", "educational_psychologist", "specialist_teachers"],
        "given_by": scene.parent,
        "consent_form": consent if consent in {"verbal", "written"} else "verbal",
        "given_on": scene.day,
        "witness": "Class teacher",
        "consent_evidence": [{"id": scene.evidence}] if scene.evidence else [],
    }


def _consent_in_writing(scene: Scene) -> JsonObject:
    return {"written": "unreachable", "reason": "Sent the form home twice; it has not come back yet."}


def _describe_class(scene: Scene) -> JsonObject:
    return {"goes_well": scene.say("goes_well"), "is_hard": scene.say("is_hard"), "helps": scene.say("helps")}


def _assess(scene: Scene) -> JsonObject:
    tool, score = scene.pick("tools")
    return {
        "assessments": [{"tool": tool, "taken_on": scene.day, "score": score}],
        "needs": [scene.story.area],
        "strengths": scene.say("strengths"),
        "barriers": scene.say("barriers"),
    }


def _plan(scene: Scene) -> JsonObject:
    review_date = scene.review_date.isoformat()
    return {
        "agreed_on": scene.day,
        "profile": scene.say("profile"),
        "outcomes": [{**scene.outcome(), "by": review_date}],
        "provision": phrases()[scene.story.area]["provision"],
        "pupil_view": scene.say("pupil_view"),
        "parent_view": scene.say("parent_view"),
        "proposed_tier": scene.round.tier,
        "tier_jump_reason": "A service from outside the school is involved already.",
        "review_date": review_date,
    }


def _agree_tier(scene: Scene) -> JsonObject:
    return {"tier_agreed": "yes", "reason": "The service starts within two weeks; the cost is in the budget."}


def _write_log(scene: Scene) -> JsonObject:
    is_early = scene.round.early is not None and scene.today >= scene.round.early
    return {
        "week_of": scene.day,
        "given": "part" if scene.nth % 4 == 0 else "all",
        "happened": scene.say("logs"),
        "why_not": "One session fell to a trip.",
        "review_now": "yes" if is_early else "no",
    }


def _review(scene: Scene) -> JsonObject:
    progress = scene.round.progress
    outcomes = scene.variables.get("outcomes") or [scene.outcome()]
    return {
        "held_on": scene.day,
        "present": ["senco", "teacher", "parent", "pupil"],
        "outcome_progress": [
            {"outcome": one["outcome"], "progress": progress, "evidence": scene.say(progress)} for one in outcomes
        ],
        "parent_view": scene.say("parent_view"),
        "pupil_view": scene.say("pupil_view"),
        "need_now": {"met": "less", "partly": "same"}.get(progress, "more"),
        "risks": list(scene.round.risks),
    }


def _decide(scene: Scene) -> JsonObject:
    reasons = {
        "exit": "All outcomes are met, and what the class offers is enough now.",
        "stop": "The parents want to go on with what the class offers.",
        "tier_up": "Two adults and six weeks made no difference; it needs more than we give now.",
        "tier_down": "The outcomes are met; less support is enough now.",
        "same_tier": "Progress is real and not there yet: six more weeks of the same.",
    }
    return {
        "next_step": scene.round.next,
        "reason": reasons.get(scene.round.next, "The need is beyond what the school can give alone."),
        "carry_on": scene.round.carry_on,
        "agreed_with": scene.parent,
        "agreed_on": scene.day,
        "parents_informed": True,
        "training_need": "no",
    }


def _prepare_request(scene: Scene) -> JsonObject:
    return {
        "question": scene.say("question"),
        "urgency": "soon" if scene.round.risks else "normal",
        "agreement": scene.round.agreement,
        "given_by": scene.parent,
        "agreement_form": "verbal",
        "given_on": scene.day,
        "family_members": [{"name": one.name, "relationship": one.relationship} for one in scene.pupil.parents],
        "family_needs": "Housing, and help with getting to school on time.",
        "agencies": "Health visitor",
    }


def _consider_safeguarding(scene: Scene) -> JsonObject:
    return {
        "considered_on": scene.day,
        "action": "monitor",
        "reason": "Spoke with the class teacher and with the pupil.",
    }


def _meet_parents(scene: Scene) -> JsonObject:
    note = "Went through the plan together, and agreed what to do at home."
    return {"met_on": scene.day, "how": "in_person", "who": f"{scene.parent} and the SENCO", "note": note}


def _explain_withdrawal(scene: Scene) -> JsonObject:
    return {"told_on": scene.day, "told": scene.parent, "stopped": ["forum", "educational_psychologist"]}


def _hand_over(scene: Scene) -> JsonObject:
    what = ["plan", "profile", "reviews"]
    return {
        "new_school": "A school in another authority",
        "handed_over": "yes",
        "handed_over_on": scene.day,
        "what": what,
    }


def _move_to_ehc_plan(scene: Scene) -> JsonObject:
    return {"plan_dated": scene.day, "staff_told": True, "note": "A teaching assistant in every morning lesson."}


def _record_early_help(scene: Scene) -> JsonObject:
    return {"reply": "accepted", "replied_on": scene.day, "note": "A worker visits the family next week."}


def _decide_without_agreement(scene: Scene) -> JsonObject:
    return {"refer_anyway": "no", "reason": "There is no safeguarding reason to go against the parents."}


def _by_hand(scene: Scene) -> JsonObject:
    sentence = "Sent by secure e-mail and confirmed by telephone; they answer in writing."
    return {"answer": sentence, "note": sentence}


_ANSWERS: Mapping[str, Callable[[Scene], JsonObject]] = {
    "check_universal_offer": _check_universal_offer,
    "talk_with_family": _talk_with_family,
    "get_consent_in_writing": _consent_in_writing,
    "describe_class": _describe_class,
    "assess": _assess,
    "plan": _plan,
    "agree_tier": _agree_tier,
    "write_log": _write_log,
    "review": _review,
    "decide": _decide,
    "prepare_request": _prepare_request,
    "decide_without_agreement": _decide_without_agreement,
    "consider_safeguarding": _consider_safeguarding,
    "meet_parents": _meet_parents,
    "explain_withdrawal": _explain_withdrawal,
    "hand_over": _hand_over,
    "move_to_ehc_plan": _move_to_ehc_plan,
    "record_early_help": _record_early_help,
}
