"""The story's history as a file."""

from pathlib import Path

import msgspec

import examples.retail
from examples.retail.customers import Shop
from examples.retail.history import events

PROGRAMME = Path(examples.retail.__file__).parent


class History(msgspec.Struct, frozen=True):
    """A file of events, and how many."""

    path: Path
    events: int


def write(path: Path, shop: Shop) -> History:
    """All that happened in the shop until its end."""
    count = 0
    with path.open("wb") as file:
        for event in events(shop):
            file.write(msgspec.json.encode(event) + b"\n")
            count += 1
    return History(path, count)
