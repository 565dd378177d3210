"""Every table, by what it is about. Importing this package registers all of them on the metadata."""

from app.store.tables.automation import api_token, webhook, webhook_secret
from app.store.tables.casework import (
    answer,
    candidate,
    case_record,
    case_word,
    deadline,
    document,
    document_content,
    draft,
    incident,
    is_open,
    is_running,
    note,
    share,
    subscription,
    timer,
    told,
    work_item,
)
from app.store.tables.configuration import (
    bundle_file,
    calendar,
    definition_draft,
    definition_version,
    installation,
    membership,
    organisation,
    person,
    pupil,
    scenario_report,
)
from app.store.tables.journal import entry, stream
from app.store.tables.outbox import node, outbox
from app.store.tables.proof import checkpoint, checkpoint_leaf
from app.store.tables.signing_in import (
    credential,
    identity,
    kept_form,
    link_code,
    login_attempt,
    recovery_code,
    second_factor,
    session,
)
from app.store.tables.technical import counter, idempotency, is_reveal, read_log
from app.store.tables.vault import case_key

#: rebuilt from the journal at any time
PROJECTIONS = (
    case_record, case_word, work_item, candidate, timer, subscription, deadline, told, incident, answer, note,
    document, share, pupil, person, membership, organisation, calendar, definition_version, bundle_file, installation,
    webhook,
)  # fmt: skip

__all__ = [
    "PROJECTIONS",
    "answer",
    "api_token",
    "bundle_file",
    "calendar",
    "candidate",
    "case_key",
    "case_record",
    "case_word",
    "checkpoint",
    "checkpoint_leaf",
    "counter",
    "credential",
    "deadline",
    "definition_draft",
    "definition_version",
    "document",
    "document_content",
    "draft",
    "entry",
    "idempotency",
    "identity",
    "incident",
    "installation",
    "is_open",
    "is_reveal",
    "is_running",
    "kept_form",
    "link_code",
    "login_attempt",
    "membership",
    "node",
    "note",
    "organisation",
    "outbox",
    "person",
    "pupil",
    "read_log",
    "recovery_code",
    "scenario_report",
    "second_factor",
    "session",
    "share",
    "stream",
    "subscription",
    "timer",
    "told",
    "webhook",
    "webhook_secret",
    "work_item",
]
