"""The verbs that access is decided for, and how a sentence says them. Who may: `grants`."""

from enum import StrEnum


class Action(StrEnum):
    """Something a person can ask to do."""

    SEE_CASE = "see_case"
    SEE_PACK = "see_pack"
    SEE_DOCUMENT = "see_document"
    SEE_RESTRICTED = "see_restricted"
    ADD_NOTE = "add_note"
    ADD_DOCUMENT = "add_document"
    SEE_PARTIES = "see_parties"
    RECORD_PARTIES = "record_parties"
    SEE_SHARING = "see_sharing"
    EXPORT_SHARING = "export_sharing"
    RAISE_SAFEGUARDING = "raise_safeguarding"
    SEND_MESSAGE = "send_message"
    RESOLVE_INCIDENT = "resolve_incident"
    REPLAY_CASE = "replay_case"
    REVEAL_NAMES = "reveal_names"
    VERIFY_CASE = "verify_case"
    REQUEST_ERASURE = "request_erasure"
    ERASE_CASE = "erase_case"
    START_CASE = "start_case"
    FIND_PUPIL = "find_pupil"
    SEE_TASK = "see_task"
    DO_TASK = "do_task"
    CLAIM_TASK = "claim_task"
    RELEASE_TASK = "release_task"
    REASSIGN_TASK = "reassign_task"
    SEE_DEFINITION = "see_definition"
    EDIT_DEFINITION = "edit_definition"
    APPROVE_DEFINITION = "approve_definition"
    DEPLOY_DEFINITION = "deploy_definition"
    SEE_FIGURES = "see_figures"
    ADMINISTER_PEOPLE = "administer_people"
    ADMINISTER_SCHOOLS = "administer_schools"
    ADMINISTER_CALENDARS = "administer_calendars"
    ADMINISTER_SETTINGS = "administer_settings"
    SEE_RULES = "see_rules"
    CHANGE_RULE = "change_rule"
    APPROVE_RULE = "approve_rule"
    ARRANGE_MEETINGS = "arrange_meetings"
    RUN_MEETING = "run_meeting"
    CHAIR_MEETING = "chair_meeting"
    OPEN_PACK = "open_pack"
    ADMINISTER_PLACES = "administer_places"
    SEE_PLACES = "see_places"
    MARK_ATTENDANCE = "mark_attendance"
    OPERATE = "operate"
    MOVE_CLOCK = "move_clock"

    @property
    def phrase(self) -> str:
        """The verb as a sentence says it: "reassign this task"."""
        return _PHRASES[self]


_PHRASES = {
    Action.SEE_CASE: "see this case",
    Action.SEE_PACK: "see what was shared of this case",
    Action.SEE_DOCUMENT: "open this document",
    Action.SEE_RESTRICTED: "see restricted notes",
    Action.ADD_NOTE: "add a note",
    Action.ADD_DOCUMENT: "add a document",
    Action.SEE_PARTIES: "see who is around this pupil",
    Action.RECORD_PARTIES: "record who is around this pupil",
    Action.SEE_SHARING: "see consents and what was shared about this pupil",
    Action.EXPORT_SHARING: "take away what was shared about this pupil",
    Action.RAISE_SAFEGUARDING: "raise a safeguarding concern here",
    Action.SEND_MESSAGE: "tell the case that something happened",
    Action.RESOLVE_INCIDENT: "resolve this problem",
    Action.REPLAY_CASE: "replay this case",
    Action.REVEAL_NAMES: "reveal names",
    Action.VERIFY_CASE: "verify this case",
    Action.REQUEST_ERASURE: "ask for this case to be erased",
    Action.ERASE_CASE: "erase this case",
    Action.START_CASE: "start this case",
    Action.FIND_PUPIL: "look up pupils of this school",
    Action.SEE_TASK: "see this task",
    Action.DO_TASK: "do this task",
    Action.CLAIM_TASK: "take this task",
    Action.RELEASE_TASK: "give this task back",
    Action.REASSIGN_TASK: "reassign this task",
    Action.SEE_DEFINITION: "see this process",
    Action.EDIT_DEFINITION: "change this process",
    Action.APPROVE_DEFINITION: "approve this process",
    Action.DEPLOY_DEFINITION: "deploy this process",
    Action.SEE_FIGURES: "see figures of this organisation",
    Action.ADMINISTER_PEOPLE: "administer people",
    Action.ADMINISTER_SCHOOLS: "administer schools",
    Action.ADMINISTER_CALENDARS: "administer calendars",
    Action.ADMINISTER_SETTINGS: "administer settings",
    Action.SEE_RULES: "see the deadline rules",
    Action.CHANGE_RULE: "change this rule",
    Action.APPROVE_RULE: "approve this change of a rule",
    Action.ARRANGE_MEETINGS: "arrange meetings",
    Action.RUN_MEETING: "see the agenda of this meeting",
    Action.CHAIR_MEETING: "chair this meeting",
    Action.OPEN_PACK: "open the pack of this meeting",
    Action.ADMINISTER_PLACES: "administer places of this partnership",
    Action.SEE_PLACES: "see places of this partnership",
    Action.MARK_ATTENDANCE: "mark attendance at this partnership",
    Action.OPERATE: "run this installation",
    Action.MOVE_CLOCK: "move the clock",
}
