"""Waymark: casework run from BPMN diagrams. Layers and what may import what: docs/architecture.md."""
