"""Every kind of mistake is told with its file, its line and what was expected there."""

from pathlib import Path

import pytest

from shared.programme.faults import Fault, ProgrammeInvalid
from shared.programme.load import load
from tests.unit.shared.programme import mistakes_in_maps, mistakes_in_people, mistakes_in_programme
from tests.unit.shared.programme.folder import FILES, broken, write
from tests.unit.shared.programme.mistake import OWNERS, PROGRAMME, SOURCES, Case

CASES = (*mistakes_in_programme.CASES, *mistakes_in_maps.CASES, *mistakes_in_people.CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}-{case.line}-{case.wrong[:30]!r}")
def test_a_mistake_is_named(case: Case, tmp_path: Path) -> None:
    faults = _faults(write(tmp_path, broken(case.file, case.right, case.wrong)))
    fault = next((fault for fault in faults if fault.expected.startswith(case.expected)), None)
    assert fault is not None, f"not among: {[str(fault) for fault in faults]}"
    assert (fault.file, fault.line) == (case.file, case.line)
    assert fault.path.endswith(case.path)
    assert fault.found.startswith(case.found)


def _faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(ProgrammeInvalid) as raised:
        load(folder)
    return raised.value.faults


def test_all_mistakes_are_told_at_once_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    files = FILES | {
        PROGRAMME: FILES[PROGRAMME].replace("target: 80", "target: x").replace("admin: owner", "admin: 0wner"),
        OWNERS: FILES[OWNERS].replace("2026-12-25", "never").replace("Europe/Rome", "Rome"),
        "owner.yaml": "owners: []",
    }
    faults = _faults(write(tmp_path, files))
    assert [(fault.file, fault.line) for fault in faults] == [
        ("owner.yaml", 1),
        (OWNERS, 4),
        (OWNERS, 8),
        (PROGRAMME, 3),
        (PROGRAMME, 5),
    ]
    assert "did you mean 'owners.yaml'?" in faults[0].expected


def test_a_file_that_cannot_be_read_hides_no_name_that_others_use(tmp_path: Path) -> None:
    faults = _faults(write(tmp_path, FILES | {OWNERS: "owners: ["}))
    assert [(fault.file, fault.line) for fault in faults] == [(OWNERS, 1)]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert _faults(tmp_path / "nowhere")[0].found == "no such folder"


def test_a_folder_without_the_files(tmp_path: Path) -> None:
    assert [fault.file for fault in _faults(tmp_path)] == ["journeys/", "programme.yaml"]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (write(tmp_path, FILES) / OWNERS).write_bytes(b"owners:\n  - owner: caf\xe9\n")
    assert [(fault.found, fault.expected) for fault in _faults(tmp_path)] == [("other bytes", "text in UTF-8")]


def test_a_secret_is_never_repeated(tmp_path: Path) -> None:
    faults = _faults(write(tmp_path, broken(SOURCES, "env:TILL_SECRET", "correct-horse-battery")))
    assert "correct-horse" not in str(ProgrammeInvalid(faults))


def test_a_fault_reads_as_a_line(tmp_path: Path) -> None:
    [fault] = _faults(write(tmp_path, broken(PROGRAMME, "target: 80", "target: high")))
    assert str(fault) == "programme.yaml:5: goals[0].target: found 'high', expected a number"
