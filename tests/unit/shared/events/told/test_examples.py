"""The golden examples of what scoring tells are read whole, and are never edited."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from shared.events.told.envelope import TYPES, read, write
from tests.unit.shared.events.told.examples import FOLDER, paths

RELEASED = Path(__file__).resolve().parents[4] / "golden" / "told.sha256"


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_an_example_is_read_and_written_to_the_same(path: Path) -> None:
    found = read(path.read_bytes())
    assert type(found.data) is TYPES[json.loads(path.read_bytes())["type"]]
    about: dict[str, Any] = {
        "id": found.id,
        "subject": found.subject,
        "sequence": found.sequence,
        "source": found.source,
    }
    again = write(found.data, time=found.time, **about)
    assert read(again) == found
    assert _keeps(json.loads(path.read_bytes()), json.loads(again))


def _keeps(example: Any, again: Any) -> bool:
    """Whether all of the example is in what is written now; fields that came later are optional and stand beside it."""
    if isinstance(example, dict) and isinstance(again, dict):
        return all(name in again and _keeps(value, again[name]) for name, value in example.items())
    if isinstance(example, list) and isinstance(again, list):
        return len(example) == len(again) and all(map(_keeps, example, again))
    return bool(example == again)


def test_released_examples_are_never_edited_and_new_ones_are_listed() -> None:
    listed = {name: digest for digest, name in (line.split("  ") for line in RELEASED.read_text().splitlines())}
    present = {path.name: sha256(path.read_bytes()).hexdigest() for path in paths()}
    edited = [name for name, digest in listed.items() if present.get(name) != digest]
    assert not edited, "a released example is never edited nor removed: put it back and add another one"
    unlisted = sorted(present.keys() - listed.keys())
    assert not unlisted, f"in {FOLDER.name}: sha256sum {' '.join(unlisted)} >> tests/golden/told.sha256"
