"""Ids of the restricted compartment on diagrams: its elements, and the flows to and from them. No content."""

from collections.abc import Iterable

from app import diagrams
from app.cases.definitions import definition_of
from app.model.entry import Entry
from app.store.queries import definitions


def restricted_ids(entries: Iterable[Entry]) -> frozenset[str]:
    """Ids of restricted elements, and of flows that would give them away, of every version the case was on."""
    found: set[str] = set()
    for bundle in {str(entry.meta["bundle"]) for entry in entries if "bundle" in entry.meta}:
        own = {one.id for one in definition_of(bundle).elements.values() if one.restricted}
        for content in definitions.bundle(bundle).bpmn.values():
            flows = diagrams.read(content).flows.values()
            own |= {flow.id for flow in flows if own & {flow.source, flow.target}}
        found |= own
    return frozenset(found)
