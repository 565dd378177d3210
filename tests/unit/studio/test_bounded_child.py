"""Whatever a file makes its reader do, the program that asked gets an answer or one plain sentence, and lives on."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.studio.bounded import Limits
from app.studio.children import ROOT, Children, Unfinished

TINY = Limits(cpu_seconds=1, seconds=6, memory_bytes=512 * 1024 * 1024, files=32)


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "started each time"])
def children(request: pytest.FixtureRequest) -> Iterator[Children]:
    made = Children("naughty_questions", TINY, (ROOT, Path(__file__).parent), can_fork=request.param)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("spin", "Expected a file that can be read in 1 seconds, but this one takes longer"),
        ("sleep", "Expected a file that can be read within 6 seconds, but this one takes longer"),
        ("eat", "Expected a file that can be read in 512 MB of memory, but this one needs more"),
        ("break off", "Expected a file that can be read, but reading this one broke off"),
        ("leave", "Expected a file that can be read, but reading this one broke off"),
        ("fail", "Expected a file that can be read, but reading this one broke off"),
    ],
)
def test_every_end_of_a_child_is_one_plain_sentence(children: Children, question: str, sentence: str) -> None:
    with pytest.raises(Unfinished) as unfinished:
        children.ask(question, None)

    assert unfinished.value.sentence == sentence
    assert children.ask("echo", "alive") == "alive"


def test_a_child_has_no_more_files_than_it_may(children: Children) -> None:
    assert children.ask("open many", None) == "refused"


def test_a_child_writes_nothing(children: Children) -> None:
    assert children.ask("write", None) == "refused"


def test_a_child_knows_no_setting_of_the_program(children: Children, request: pytest.FixtureRequest) -> None:
    assert children.ask("surroundings", None) in ([], ["LC_CTYPE"])


def test_a_child_has_no_connection_but_its_own(children: Children) -> None:
    assert children.ask("descriptors", None) == []


def test_a_long_answer_arrives_whole(children: Children) -> None:
    assert children.ask("much", 3_000_000) == "x" * 3_000_000


def test_an_answer_without_end_is_not_waited_for(children: Children) -> None:
    with pytest.raises(Unfinished):
        children.ask("much", 20_000_000)


def test_a_question_that_is_too_long_is_not_asked(children: Children) -> None:
    with pytest.raises(Unfinished, match="less than 10 MB"):
        children.ask("echo", "x" * 20_000_000)


def test_many_ask_at_once_and_each_gets_its_own_answer(children: Children) -> None:
    # given eight threads, half of them with a question that breaks off
    answers: dict[int, object] = {}

    def ask(number: int) -> None:
        try:
            answers[number] = children.ask("leave" if number % 2 else "echo", number)
        except Unfinished:
            answers[number] = "broke off"

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    # when
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    # then
    assert answers == {number: "broke off" if number % 2 else number for number in range(8)}


def test_a_server_that_was_ended_is_started_again() -> None:
    children = Children("naughty_questions", TINY, (ROOT, Path(__file__).parent))
    assert children.ask("echo", 1) == 1
    children.close()
    assert children.ask("echo", 2) == 2
    children.close()
