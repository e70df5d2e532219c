"""Secrets by reference: `env:NAME` or `file:PATH`. A file is read anew, so that a rotated secret needs no restart."""

import os
from pathlib import Path
from time import monotonic

KEPT_SECONDS = 5.0


class Secrets:
    """What references stand for, read at most every few seconds."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[float, str | None]] = {}

    def of(self, reference: str) -> str | None:
        """The secret, None where there is none: the variable is not set or empty, the file is missing or unreadable."""
        at, secret = self._read.get(reference, (-KEPT_SECONDS, None))
        if monotonic() - at >= KEPT_SECONDS:
            secret = _found(reference)
            self._read[reference] = (monotonic(), secret)
        return secret


def _found(reference: str) -> str | None:
    kind, _, name = reference.partition(":")
    if kind == "env":
        return os.environ.get(name) or None
    try:
        return Path(name).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
