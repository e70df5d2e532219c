"""Writes into golden cases what they become today: for new ones, and to be looked at before it is kept.

`python -m tests.unit.services.ingest.providers.fill FILE...`
"""

import json
import sys
from pathlib import Path

import msgspec

from tests.unit.services.ingest.providers.cases import case

FILLED = ("events", "problems", "ignored", "unknown")


def fill(path: Path) -> None:
    """What stands there besides stays as it is written."""
    golden = case(path)
    told = golden.told(golden.mapped())
    written = {name: value for name, value in json.loads(path.read_text()).items() if name not in FILLED}
    found = {name: value for name in FILLED if (value := msgspec.to_builtins(getattr(told, name)))}
    path.write_text(json.dumps({**written, **found}, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        fill(Path(name))
