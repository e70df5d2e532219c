"""Real orders to run on, which may not lie in the tree: their licence forbids to ship them.

They are looked for where `VOC_REAL_ORDERS` says, else beside the tree. Where it says so and they are not there, the
tests fail; where nobody says anything and they are not there, the tests are skipped with the reason in the summary.
"""

import os
from pathlib import Path

import pytest

from tests.processes import ROOT

VARIABLE = "VOC_REAL_ORDERS"
BESIDE = ROOT.parent / "shared" / "data" / "olist"


def folder() -> Path:
    """Where `events-2017.ndjson` and `programme` are."""
    given = os.environ.get(VARIABLE)
    found = Path(given) if given else BESIDE
    if (found / "events-2017.ndjson").is_file():
        return found
    if given:
        pytest.fail(f"{VARIABLE} says {given}, and there is no events-2017.ndjson")
    pytest.skip(f"the real orders are neither in {BESIDE} nor named by {VARIABLE}")
