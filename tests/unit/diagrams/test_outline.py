"""Diagrams in words: every node once, in reading order, with where it goes on."""

from pathlib import Path

from app.diagrams import outline, read
from app.diagrams.words import duration_words

DIAGRAM = read((Path(__file__).parent / "first_plan.bpmn").read_bytes())


def test_the_outline_of_a_process_reads_from_start_to_end():
    # when
    lines = [f"{'  ' * line.level}{line.sentence}" for line in outline(DIAGRAM, {"SENCO": "SEN coordinator"})]

    # then
    assert lines == [
        "Process: First plan of support",
        "  1. Start: Concern raised (form concern) → go to 2",
        "  2. Task: Agree the plan (SEN coordinator; form plan; due 20 school days, counted from talked_on) → go to 3",
        "    2a. Meanwhile: Six weeks over (after 6 weeks) → go to 7",
        "  3. Decision: Is it enough?",
        "    “No” when tier = 2 → go to 4",
        "    “Yes” otherwise → go to 6",
        "  4. Process: Review together (runs the process Review) → go to 5",
        "  5. End: Reviewed",
        "  6. End: Plan agreed",
        "  7. Task: Ask what holds it up (SEN coordinator; form plan; seen by these roles only) → go to 8",
        "  8. End: Asked",
        "  At any time:",
        "    9. When it happens: Pupil moves",
        "      10. Start: Pupil moved (message “pupil.moved”) → go to 11",
        "      11. Task: Hand over (SEN coordinator; form hand_over) → go to 12",
        "      12. End: Handed over",
        "  Process: Review",
        "    13. Start: Review begins → go to 14",
        "    14. Automatic step: Count the round → go to 15",
        "    15. Task: Hold the meeting (TEACH or HT of the forum; form review; due on review_on; "
        "for each of pupils, one after the other) → go to 16",
        "    16. End: Review over",
    ]


def test_every_node_has_one_line_and_every_number_is_used_once():
    # given
    lines = [line for line in outline(DIAGRAM) if line.number]

    # then
    assert sorted(line.element for line in lines) == sorted(DIAGRAM.nodes)
    assert len({line.number for line in lines}) == len(lines)


def test_a_node_that_nothing_leads_to_is_named_at_the_end():
    # given
    xml = (Path(__file__).parent / "first_plan.bpmn").read_bytes()
    cut = read(xml.replace(b'sourceRef="enough" targetRef="done"', b'sourceRef="enough" targetRef="reviewed"'))

    # when
    texts = [line.text for line in outline(cut)]

    # then
    assert texts[texts.index("Not reached from the start:") + 1] == "End: Plan agreed"


def test_durations_are_said_in_words():
    assert duration_words("P6W") == "6 weeks"
    assert duration_words("P1DT2H30M") == "1 day 2 hours 30 minutes"
    assert duration_words("review_on") == "review_on"
