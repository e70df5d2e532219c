"""docs/programme.md names every key that a programme's files may have, and its example is right."""

import re
from pathlib import Path

import pytest

from shared.programme.load import load
from tests.unit.house.project import ROOT

PAGE = (ROOT / "docs" / "programme.md").read_text()
READERS = sorted((ROOT / "shared" / "programme").glob("*.py"))
_key = re.compile(r'fields\.(?:need|get)\("(\w+)"')


def keys() -> set[str]:
    found = {key for reader in READERS for key in _key.findall(reader.read_text())}
    return found | {f"{colour}_{side}" for colour in ("red", "yellow") for side in ("above", "below")}


def test_every_key_is_explained() -> None:
    named = set(re.findall(r"`([a-z_]+)(?::[^`]*)?`", PAGE)) | {
        part for words in re.findall(r"`(from/to|from`/`to)`", PAGE) for part in re.findall(r"\w+", words)
    }
    assert len(keys()) > 40
    assert keys() - named == set()


def test_the_example_is_a_map(tmp_path: Path) -> None:
    (tmp_path / "journeys").mkdir()
    (tmp_path / "programme.yaml").write_text("name: Example\ntimezone: Europe/Berlin\n")
    (tmp_path / "owners.yaml").write_text("owners: [{owner: delivery}]\n")
    example = re.search(r"```yaml\n(journey: .*?)```", PAGE, re.DOTALL)
    assert example is not None
    (tmp_path / "journeys" / "example.yaml").write_text(example[1])
    assert load(tmp_path).journeys[0].touchpoints[0].touchpoint == "parcel-arrives"


@pytest.mark.parametrize("folder", ["examples/retail", "bench/programme"])
def test_the_programmes_of_the_tree_are_right(folder: str) -> None:
    assert load(ROOT / folder).journeys
