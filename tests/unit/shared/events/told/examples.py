"""The golden examples of what scoring tells."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "events" / "told" / "examples"


def paths() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def kind_of(path: Path) -> str:
    kind: str = json.loads(path.read_bytes())["type"]
    return kind
