"""What every route needs, in one table. A route that is not here stops the program at start-up."""

from dataclasses import replace

from app.access.actions import Action
from app.web.gate import Need

PUBLIC = Need("public")
DEMO = Need("demo")
SIGNED_IN = Need("signed in")


def anywhere(action: Action) -> Need:
    """The action on anything at all; the page narrows what it shows to the reader's scope."""
    return Need("anywhere", action)


def case(action: Action, *, is_recorded: bool = False) -> Need:
    """The action on the case that the address names by `reference`."""
    return Need("case", action, is_recorded)


def task(action: Action, *, is_recorded: bool = False) -> Need:
    """The action on the task that the address names by `task_id`."""
    return Need("task", action, is_recorded)


def program(need: Need, scope: str) -> Need:
    """The same for a program, whose token must have been made for this scope."""
    return replace(need, scope=scope)


ACCESS: dict[str, Need] = {
    "static": PUBLIC,
    "health.show": PUBLIC,
    "health.ready": PUBLIC,
    "health.metrics": PUBLIC,  # the page asks for a token, or for a request from this machine
    "meetings.feed": PUBLIC,  # the address holds a secret of the series; what it gives names nobody
    "sign_in.show": PUBLIC,
    "sign_in.submit": PUBLIC,
    "sign_in.end": SIGNED_IN,
    "sign_in.ended": PUBLIC,
    "sign_in.again": SIGNED_IN,
    "sign_in.leave": SIGNED_IN,
    # these ask for a session that is half begun: a first step without the second
    "second_step.ask": PUBLIC,
    "second_step.take": PUBLIC,
    "second_step.ask_set_up": PUBLIC,
    "second_step.set_up": PUBLIC,
    "single_sign_on.go": PUBLIC,
    "single_sign_on.answer": PUBLIC,
    "single_sign_on.ask_link": PUBLIC,
    "single_sign_on.link": PUBLIC,
    "account.show": SIGNED_IN,
    "account.ask_password": SIGNED_IN,
    "account.change_password": SIGNED_IN,
    "account.ask_second_step": SIGNED_IN,
    "account.set_up": SIGNED_IN,
    "account.ask_codes": SIGNED_IN,
    "account.new_codes": SIGNED_IN,
    "account.ask_mail": SIGNED_IN,
    "account.choose_mail": SIGNED_IN,
    "account.end_others": SIGNED_IN,
    "demo.sign_in": DEMO,
    "demo.move": DEMO,
    # ---- staff: inbox, tasks, starting a case
    "days.show": SIGNED_IN,
    "days.lines": SIGNED_IN,  # only the lists of one's own roles are there, each bounded by them
    "days.export": SIGNED_IN,  # the exports record that they were taken
    "counts.show": anywhere(Action.SEE_FIGURES),
    "counts.export": anywhere(Action.SEE_FIGURES),
    "inbox.show": SIGNED_IN,
    "inbox.fragment": SIGNED_IN,
    "inbox.export": SIGNED_IN,
    "tasks.show": task(Action.SEE_TASK, is_recorded=True),
    "tasks.submit": task(Action.DO_TASK),
    "tasks.save_draft": task(Action.DO_TASK),
    "tasks.done": task(Action.SEE_TASK, is_recorded=True),
    "tasks.diagram": task(Action.SEE_TASK),
    "tasks.claim": task(Action.CLAIM_TASK),
    "tasks.release": task(Action.RELEASE_TASK),
    "tasks.reassign": task(Action.REASSIGN_TASK),
    "start.choose": anywhere(Action.START_CASE),
    "start.find": anywhere(Action.START_CASE),
    "start.new_pupil": anywhere(Action.START_CASE),
    "start.add_pupil": anywhere(Action.START_CASE),
    "start.ask": anywhere(Action.START_CASE),
    "start.submit": anywhere(Action.START_CASE),
    "start.save_draft": anywhere(Action.START_CASE),
    "start.done": case(Action.SEE_CASE, is_recorded=True),
    "notices.show": SIGNED_IN,
    # ---- cases and replay
    "cases.index": anywhere(Action.SEE_CASE),
    "cases.export": anywhere(Action.SEE_CASE),
    "cases.show": case(Action.SEE_CASE, is_recorded=True),
    "cases.diagram": case(Action.SEE_CASE),
    "cases.add_a_note": case(Action.ADD_NOTE),
    "cases.ask": case(Action.SEND_MESSAGE),
    "cases.tell": case(Action.SEND_MESSAGE),
    "cases.ask_concern": case(Action.RAISE_SAFEGUARDING),
    "cases.raise_concern": case(Action.RAISE_SAFEGUARDING),
    "cases.problem": case(Action.RESOLVE_INCIDENT, is_recorded=True),
    "cases.resolve": case(Action.RESOLVE_INCIDENT),
    "cases.ask_move": case(Action.RESOLVE_INCIDENT, is_recorded=True),
    "cases.move": case(Action.RESOLVE_INCIDENT),
    "cases.add_a_document": case(Action.ADD_DOCUMENT),
    "cases.document": case(Action.SEE_DOCUMENT),  # the page records which, and whether it was given
    "cases.replay": case(Action.REPLAY_CASE, is_recorded=True),
    "cases.replay_entry": case(Action.REPLAY_CASE, is_recorded=True),
    "cases.replay_events": case(Action.REPLAY_CASE, is_recorded=True),
    "cases.replay_diagram": case(Action.REPLAY_CASE),
    "cases.evidence": case(Action.REPLAY_CASE, is_recorded=True),
    "cases.ask_reveal": case(Action.REVEAL_NAMES),
    "cases.reveal": case(Action.REVEAL_NAMES),
    "cases.mask_again": case(Action.REVEAL_NAMES),
    "cases.verify": case(Action.VERIFY_CASE),
    "cases.ask_erasure": case(Action.REQUEST_ERASURE),
    "cases.request_erasure": case(Action.REQUEST_ERASURE),
    "erasures.index": anywhere(Action.ERASE_CASE),
    "erasures.find": anywhere(Action.ERASE_CASE),
    "erasures.show": anywhere(Action.ERASE_CASE),  # these three decide about the request of that reference
    "erasures.confirm": anywhere(Action.ERASE_CASE),
    "erasures.refuse": anywhere(Action.ERASE_CASE),
    "cases.read_by": case(Action.VERIFY_CASE),  # the page records that somebody looked
    "parties.show": case(Action.SEE_PARTIES, is_recorded=True),
    "parties.ask_new": case(Action.RECORD_PARTIES),
    "parties.add": case(Action.RECORD_PARTIES),
    "parties.ask_change": case(Action.RECORD_PARTIES, is_recorded=True),
    "parties.change": case(Action.RECORD_PARTIES),
    "consents.show": case(Action.SEE_SHARING, is_recorded=True),
    "consents.ask_new": case(Action.RECORD_PARTIES),
    "consents.add": case(Action.RECORD_PARTIES),
    "consents.ask_change": case(Action.RECORD_PARTIES),
    "consents.change": case(Action.RECORD_PARTIES),
    "consents.shared": case(Action.SEE_SHARING, is_recorded=True),
    "consents.shared_table": case(Action.EXPORT_SHARING, is_recorded=True),
    "consents.ask_shared": case(Action.RECORD_PARTIES),
    "consents.add_shared": case(Action.RECORD_PARTIES),
    # ---- process owners
    "processes.index": SIGNED_IN,
    "processes.messages": anywhere(Action.SEE_DEFINITION),
    "processes.show": SIGNED_IN,
    "processes.version": SIGNED_IN,
    "processes.download": SIGNED_IN,
    "processes.scenarios": anywhere(Action.SEE_DEFINITION),
    "processes.scenario_results": anywhere(Action.SEE_DEFINITION),
    "processes.download_scenarios": anywhere(Action.SEE_DEFINITION),
    "processes.ask_restore": anywhere(Action.DEPLOY_DEFINITION),
    "processes.restore": anywhere(Action.DEPLOY_DEFINITION),
    "version_plans.index": anywhere(Action.DEPLOY_DEFINITION),
    "version_plans.propose": anywhere(Action.DEPLOY_DEFINITION),
    "version_plans.approve": anywhere(Action.DEPLOY_DEFINITION),
    "version_plans.refuse": anywhere(Action.DEPLOY_DEFINITION),
    "processes.draft": anywhere(Action.EDIT_DEFINITION),
    "processes.upload": anywhere(Action.EDIT_DEFINITION),
    "processes.create": anywhere(Action.EDIT_DEFINITION),
    "modeler.show": anywhere(Action.EDIT_DEFINITION),
    "modeler.diagram": anywhere(Action.EDIT_DEFINITION),
    "modeler.save": anywhere(Action.EDIT_DEFINITION),
    "modeler.check": anywhere(Action.EDIT_DEFINITION),
    "modeler.form": anywhere(Action.EDIT_DEFINITION),
    "modeler.form_source": anywhere(Action.EDIT_DEFINITION),
    "modeler.save_form": anywhere(Action.EDIT_DEFINITION),
    "modeler.add_form": anywhere(Action.EDIT_DEFINITION),
    "modeler.decision": anywhere(Action.EDIT_DEFINITION),
    "modeler.decision_source": anywhere(Action.EDIT_DEFINITION),
    "modeler.save_decision": anywhere(Action.EDIT_DEFINITION),
    "modeler.add_decision": anywhere(Action.EDIT_DEFINITION),
    "modeler.parts": anywhere(Action.EDIT_DEFINITION),
    "modeler.scenarios": anywhere(Action.EDIT_DEFINITION),
    "modeler.scenarios_source": anywhere(Action.EDIT_DEFINITION),
    "modeler.save_scenarios": anywhere(Action.EDIT_DEFINITION),
    "modeler.submit": anywhere(Action.EDIT_DEFINITION),
    "modeler.take_back": anywhere(Action.EDIT_DEFINITION),
    "modeler.discard": anywhere(Action.EDIT_DEFINITION),
    "modeler.review": anywhere(Action.APPROVE_DEFINITION),
    "modeler.review_scenarios": anywhere(Action.APPROVE_DEFINITION),
    "modeler.approve": anywhere(Action.APPROVE_DEFINITION),
    "modeler.send_back": anywhere(Action.APPROVE_DEFINITION),
    # ---- administrators
    "calendars.index": anywhere(Action.ADMINISTER_CALENDARS),
    "calendars.show": anywhere(Action.ADMINISTER_CALENDARS),
    "calendars.work_out_again": anywhere(Action.ADMINISTER_CALENDARS),
    "calendars.ask": anywhere(Action.ADMINISTER_CALENDARS),
    "calendars.change": anywhere(Action.ADMINISTER_CALENDARS),
    "schools.index": anywhere(Action.ADMINISTER_SCHOOLS),
    "schools.ask_new": anywhere(Action.ADMINISTER_SCHOOLS),
    "schools.add": anywhere(Action.ADMINISTER_SCHOOLS),
    "schools.show": anywhere(Action.ADMINISTER_SCHOOLS),
    "schools.change": anywhere(Action.ADMINISTER_SCHOOLS),
    "people.index": anywhere(Action.ADMINISTER_PEOPLE),
    "people.ask_new": anywhere(Action.ADMINISTER_PEOPLE),
    "people.add": anywhere(Action.ADMINISTER_PEOPLE),
    "people.show": anywhere(Action.ADMINISTER_PEOPLE),
    "people.ask_change": anywhere(Action.ADMINISTER_PEOPLE),
    "people.change": anywhere(Action.ADMINISTER_PEOPLE),
    "people.ask_role": anywhere(Action.ADMINISTER_PEOPLE),
    "people.add_role": anywhere(Action.ADMINISTER_PEOPLE),
    "people.ask_end": anywhere(Action.ADMINISTER_PEOPLE),
    "people.end_role": anywhere(Action.ADMINISTER_PEOPLE),
    "people.ask_close": anywhere(Action.ADMINISTER_PEOPLE),
    "people.close": anywhere(Action.ADMINISTER_PEOPLE),
    "people.open_again": anywhere(Action.ADMINISTER_PEOPLE),
    "people.ask_password": anywhere(Action.ADMINISTER_PEOPLE),
    "people.give_password": anywhere(Action.ADMINISTER_PEOPLE),
    "people_sign_in.show": anywhere(Action.ADMINISTER_PEOPLE),
    "people_sign_in.act": anywhere(Action.ADMINISTER_PEOPLE),
    # ---- those who arrange and run meetings; each page narrows to the series and meetings of theirs
    "series.index": anywhere(Action.ARRANGE_MEETINGS),
    "series.ask_new": anywhere(Action.ARRANGE_MEETINGS),
    "series.add": anywhere(Action.ARRANGE_MEETINGS),
    "series.show": anywhere(Action.ARRANGE_MEETINGS),
    "series.ask_change": anywhere(Action.ARRANGE_MEETINGS),
    "series.change": anywhere(Action.ARRANGE_MEETINGS),
    "series.pause": anywhere(Action.ARRANGE_MEETINGS),
    "series.ask_dates": anywhere(Action.ARRANGE_MEETINGS),
    "series.publish": anywhere(Action.ARRANGE_MEETINGS),
    "meetings.ask_cancel": anywhere(Action.ARRANGE_MEETINGS),
    "meetings.cancel": anywhere(Action.ARRANGE_MEETINGS),
    "meetings.ask_outcomes": anywhere(Action.CHAIR_MEETING),
    "meetings.record_outcomes": anywhere(Action.CHAIR_MEETING),
    "meetings.packs": anywhere(Action.OPEN_PACK),
    "meetings.pack": anywhere(Action.OPEN_PACK),
    "meetings.pack_case": anywhere(Action.OPEN_PACK),  # the page records that the case was opened
    "meetings.show": anywhere(Action.RUN_MEETING),  # the page records that somebody looked
    "meetings.export": anywhere(Action.RUN_MEETING),
    "meetings.ask_move": anywhere(Action.RUN_MEETING),
    "meetings.move": anywhere(Action.RUN_MEETING),
    # ---- those who keep the places of a partnership; each page narrows to the partnerships of theirs
    "centres.index": anywhere(Action.ADMINISTER_PLACES),
    "centres.ask_new": anywhere(Action.ADMINISTER_PLACES),
    "centres.add": anywhere(Action.ADMINISTER_PLACES),
    "centres.show": anywhere(Action.ADMINISTER_PLACES),
    "centres.change": anywhere(Action.ADMINISTER_PLACES),
    "centres.ask_quotas": anywhere(Action.ADMINISTER_PLACES),
    "centres.set_quotas": anywhere(Action.ADMINISTER_PLACES),
    "placements.index": anywhere(Action.MARK_ATTENDANCE),
    "placements.show": anywhere(Action.SEE_PLACES),
    "placements.cases": anywhere(Action.SEE_PLACES),  # these two record that somebody looked
    "placements.ask_marks": anywhere(Action.MARK_ATTENDANCE),
    "placements.mark": anywhere(Action.MARK_ATTENDANCE),
    # ---- whoever runs the installation
    "operations.show": anywhere(Action.OPERATE),
    "operations.timers": anywhere(Action.OPERATE),
    "operations.queue": anywhere(Action.OPERATE),
    "operations.send_again": anywhere(Action.OPERATE),
    "operations.problems": anywhere(Action.OPERATE),
    "operations.act": anywhere(Action.OPERATE),
    "webhooks.index": anywhere(Action.OPERATE),
    "webhooks.ask_new": anywhere(Action.OPERATE),
    "webhooks.add": anywhere(Action.OPERATE),
    "webhooks.show": anywhere(Action.OPERATE),
    "webhooks.act": anywhere(Action.OPERATE),
    "webhooks.ask_change": anywhere(Action.OPERATE),
    "webhooks.change": anywhere(Action.OPERATE),
    # ---- programs
    "tokens.show": SIGNED_IN,
    "tokens.make": SIGNED_IN,
    "tokens.end": SIGNED_IN,
    "api-docs.openapi_json": PUBLIC,
    "api_tasks.find": program(SIGNED_IN, "tasks:read"),
    "api_tasks.show": program(task(Action.SEE_TASK, is_recorded=True), "tasks:read"),
    "api_tasks.claim": program(task(Action.CLAIM_TASK), "tasks:write"),
    "api_tasks.release": program(task(Action.RELEASE_TASK), "tasks:write"),
    "api_tasks.complete": program(task(Action.DO_TASK), "tasks:write"),
    "api_cases.find": program(anywhere(Action.SEE_CASE), "cases:read"),
    "api_cases.start": program(anywhere(Action.START_CASE), "cases:write"),
    "api_cases.show": program(case(Action.SEE_CASE, is_recorded=True), "cases:read"),
    "api_cases.tell": program(case(Action.SEND_MESSAGE), "cases:write"),
    "api_cases.entries": program(case(Action.SEE_CASE, is_recorded=True), "cases:read"),
    "api_cases.documents": program(case(Action.SEE_CASE, is_recorded=True), "cases:read"),
    "api_cases.document": program(
        case(Action.SEE_DOCUMENT), "cases:read"
    ),  # it records which, and whether it was given
    "api_cases.state": program(case(Action.REPLAY_CASE, is_recorded=True), "cases:read"),
    "api_processes.find": program(SIGNED_IN, "processes:read"),
    "api_processes.start_form": program(anywhere(Action.START_CASE), "processes:read"),
    "api_processes.send_in": program(anywhere(Action.EDIT_DEFINITION), "processes:write"),
    "api_processes.draft": program(anywhere(Action.EDIT_DEFINITION), "processes:write"),
    "api_processes.approve": program(anywhere(Action.APPROVE_DEFINITION), "processes:write"),
}
