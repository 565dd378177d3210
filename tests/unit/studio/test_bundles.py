"""Files of a process become a bundle of what it uses, and problems name the element."""

from pathlib import Path

import pytest
from unit.studio.tiny import BPMN, FORM

from app.errors import NotDeployable, NotFound
from app.studio import bundles, checking, comparing
from app.studio.bundles import ProcessFiles


def files(bpmn: bytes = BPMN) -> ProcessFiles:
    return ProcessFiles("tiny", {"tiny.bpmn": bpmn}, {}, {"look": FORM, "unused": FORM})


def test_a_bundle_holds_only_the_forms_its_diagram_names() -> None:
    bundle = bundles.bundle_of(files())

    assert (bundle.key, bundle.process_id, bundle.name) == ("tiny", "tiny", "Look at it")
    assert list(bundle.forms) == ["look"]


def test_a_folder_is_read_with_the_forms_two_levels_above(tmp_path: Path) -> None:
    folder = tmp_path / "processes" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.bpmn").write_bytes(BPMN)
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "look.json").write_bytes(FORM)

    assert bundles.bundle_at(folder).digest == bundles.bundle_at(folder / "tiny.bpmn").digest


def test_a_folder_without_a_diagram_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is none at"):
        bundles.files_at(tmp_path)


def test_a_diagram_without_a_process_that_may_run_is_refused() -> None:
    with pytest.raises(NotDeployable, match="isExecutable"):
        bundles.bundle_of(files(BPMN.replace(b'isExecutable="true"', b'isExecutable="false"')))


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b'agreed = "yes"', b"agreed = ", "to_agreed"),
        (b'value="look"', b'value="nothing"', "look"),
        (b'value="3 school days"', b'value="no.such_rule"', "look"),
        (b'value="SENCO"', b'value="NOBODY"', "senco"),
        (b"P7D", b"P7", "too_late"),
        (b' default="to_declined"', b"", "which"),
    ],
)
def test_a_mistake_is_named_with_its_element_a_sentence_and_what_to_do(old: bytes, new: bytes, element: str) -> None:
    assert old in BPMN

    wrong = checking.errors(checking.problems(files(BPMN.replace(old, new))))

    assert element in {one.element for one in wrong}
    assert all(one.sentence and one.fix for one in wrong)


@pytest.mark.parametrize("content", [b"", b"<a/>", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_one_problem(content: bytes) -> None:
    wrong = checking.errors(checking.problems(files(content)))

    assert len(wrong) == 1
    assert checking.outline(content) == []


def test_differences_name_forms_and_elements_and_white_space_is_none() -> None:
    old = bundles.bundle_of(files())
    changed = ProcessFiles(
        "tiny",
        {"tiny.bpmn": BPMN.replace(b'name="Look at it">', b'name="Check it">')},
        {},
        {"look": FORM.replace(b"Do you agree?", b"Agreed?")},
    )

    said = [one.sentence for one in comparing.differences(old, bundles.bundle_of(changed))]

    assert any("name was Look at it, is now Check it" in one for one in said)
    assert "The form “Look” was changed" in said
    assert comparing.differences(old, old) == []
    assert comparing.differences(None, old) == []
