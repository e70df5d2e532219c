"""What a demo has told so far, kept in its home: `voc demo recover` goes on from there."""

from datetime import datetime
from pathlib import Path

import msgspec

from cli.called import called
from deploy.local.home import Home
from examples.retail.customers import Shop
from shared.errors import VocError

JOURNEY, MOMENT, METRIC = "order-to-door", "parcel-arrives", "promise_kept"
_FILE = "story.json"


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """`ends_at` is when the history ends, `trouble_at` when the carrier began to fail, and `mended` how often somebody
    began to mend it."""

    ends_at: datetime
    trouble_at: datetime | None = None
    mended: int = 0

    @property
    def shop(self) -> Shop:
        return Shop(self.ends_at)


def keep(home: Home, script: Script) -> None:
    """Write it in one move."""
    path = _path(home)
    beside = path.with_suffix(".new")
    beside.write_bytes(msgspec.json.encode(script))
    beside.replace(path)


def found(home: Home) -> Script:
    """Raises VocError where no demo was told in this home."""
    try:
        return msgspec.json.decode(_path(home).read_bytes(), type=Script)
    except (FileNotFoundError, msgspec.DecodeError):
        raise VocError(f"No demo runs here: `{called()} demo` first.") from None


def _path(home: Home) -> Path:
    return home.path / _FILE
