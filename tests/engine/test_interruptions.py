"""What interrupts a scope takes everything in it away, also what happened to be on its way."""

from engine.playing import Case


def test_an_escalation_that_interrupts_its_own_process_goes_no_further() -> None:
    case = Case("""
        start go
        user report
        throw told escalation=worry
        user carry-on
        go -> report -> told -> carry-on
        sub safeguarding by-event
            start worried escalation=worry
            user look-into
            worried -> look-into
    """)

    case.complete("report")

    assert case.tasks == ["look-into"]
    case.complete("look-into")
    assert case.last.is_completed


def test_an_escalation_that_does_not_interrupt_lets_its_process_go_on() -> None:
    case = Case("""
        start go
        user report
        throw told escalation=worry
        user carry-on
        go -> report -> told -> carry-on
        sub safeguarding by-event
            start worried escalation=worry beside
            user look-into
            worried -> look-into
    """)

    case.complete("report")

    assert sorted(case.tasks) == ["carry-on", "look-into"]
