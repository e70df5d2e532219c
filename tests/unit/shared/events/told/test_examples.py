"""The golden examples of what scoring tells are read whole, and are never edited."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from shared.events.told.envelope import TYPES, read, write
from tests.unit.shared.events.told.examples import FOLDER, paths

RELEASED = Path(__file__).resolve().parents[4] / "golden" / "told.sha256"


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_an_example_is_read_and_written_to_the_same(path: Path) -> None:
    found = read(path.read_bytes())
    assert type(found.data) is TYPES[json.loads(path.read_bytes())["type"]]
    again = write(found.data, id=found.id, subject=found.subject, time=found.time, sequence=found.sequence)
    assert json.loads(again) == json.loads(path.read_bytes())


def test_released_examples_are_never_edited_and_new_ones_are_listed() -> None:
    listed = {name: digest for digest, name in (line.split("  ") for line in RELEASED.read_text().splitlines())}
    present = {path.name: sha256(path.read_bytes()).hexdigest() for path in paths()}
    edited = [name for name, digest in listed.items() if present.get(name) != digest]
    assert not edited, "a released example is never edited nor removed: put it back and add another one"
    unlisted = sorted(present.keys() - listed.keys())
    assert not unlisted, f"in {FOLDER.name}: sha256sum {' '.join(unlisted)} >> tests/golden/told.sha256"
