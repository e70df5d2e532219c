"""Every dependency has its reason, and is locked by hash without saying where from."""

from pathlib import Path

import pytest

from tests.unit.house.project import ROOT, locked, name_of, pyproject, table

LOCKS = [ROOT / "requirements.lock", ROOT / "deploy" / "docker" / "requirements.lock"]


def named() -> dict[str, list[str]]:
    project = pyproject()["project"]
    return {"run": project["dependencies"], **project["optional-dependencies"]}


def test_each_dependency_has_its_reason_and_no_reason_is_left_over() -> None:
    wanted = [name_of(requirement) for group in named().values() for requirement in group]
    reasons = {name_of(row[0]): row[1] for row in table((ROOT / "docs" / "dependencies.md").read_text())}
    assert sorted(wanted) == sorted(reasons)
    assert not [name for name, reason in reasons.items() if len(reason.split()) < 4]


def test_the_lock_has_every_dependency() -> None:
    wanted = {name_of(requirement) for group in named().values() for requirement in group}
    assert wanted <= locked(LOCKS[0]).keys()


def test_the_images_lock_is_the_part_of_the_lock_that_services_need() -> None:
    whole, image = (locked(lock) for lock in LOCKS)
    assert {name_of(requirement) for requirement in named()["run"]} <= image.keys()
    assert {name: lines for name, lines in whole.items() if name in image} == image
    assert not image.keys() & {name_of(requirement) for requirement in named()["dev"]}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_everything_is_pinned_by_hash_and_no_address_is_given(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    entries = text.replace("\\\n", "").splitlines()
    assert not [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
