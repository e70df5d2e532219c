"""`--refused FILE`: the lines that were not taken, each with its reasons, as JSON lines."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from cli.sending.chunk import Refusal
from shared.errors import VocError


class RefusedFile:
    """Grows chunk by chunk; nothing is written without a path."""

    def __init__(self, path: Path | None, *, keep: int) -> None:
        """`keep`: how many bytes an earlier run has written that count."""
        self._file = None
        if path is None:
            return
        try:
            self._file = path.open("r+b" if keep and path.exists() else "wb")
        except OSError as error:
            raise VocError(f"Refused lines cannot be written to {path}: {error.strerror}.") from error
        self._file.truncate(self._file.seek(min(keep, self._file.seek(0, 2))))

    def add(self, name: str, refusals: Iterable[Refusal]) -> int:
        """Write them; how long the file is now."""
        if self._file is None:
            return 0
        self._file.writelines(_line(name, refusal) for refusal in refusals)
        self._file.flush()
        return self._file.tell()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _line(name: str, refusal: Refusal) -> bytes:
    """`event` where the line is JSON, so that it can be mended and sent again; else its `text`."""
    said: dict[str, Any] = {"file": name, "line": refusal.line, "problems": refusal.problems}
    try:
        said["event"] = msgspec.Raw(msgspec.json.encode(msgspec.json.decode(refusal.raw.decode())))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said["text"] = refusal.raw.decode(errors="replace")
    return msgspec.json.encode(said) + b"\n"
