"""BPMN as SpiffWorkflow runs it: parse, step, fold. Pure: no SQL, no wall clock."""
