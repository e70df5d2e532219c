"""docs/keys.md names every limit of the door, with the default of today."""

import re

from services.ingest.settings import Settings
from shared.events.limits import MOST_ITEMS, MOST_TEXT
from shared.events.text import MOST_NESTED
from tests.unit.house.project import ROOT, table

PAGE = (ROOT / "docs" / "keys.md").read_text()
OF_LIMITS = re.compile(r"ingest_(most_\w+|\w+_seconds|\w+_bytes)")


def test_the_contracts_limits_are_those_of_the_code() -> None:
    written = [row[1] for row in table(PAGE) if len(row) == 2]
    assert {str(MOST_NESTED), f"{MOST_TEXT:,}", f"{MOST_ITEMS} of each"} <= set(written)


def test_the_limits_are_those_of_the_settings() -> None:
    written = [row[1:3] for row in table(PAGE) if len(row) == 4 and row[1].startswith("`VOC_")]
    fields = Settings.model_fields.items()
    limits = [[f"`VOC_{name.upper()}`", f"`{field.default}`"] for name, field in fields if OF_LIMITS.fullmatch(name)]
    assert sorted(written) == sorted(limits)
