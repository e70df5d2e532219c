"""Secrets by reference: `env:NAME` or `file:PATH`. A file is read anew, so that a rotated secret needs no restart."""

from time import monotonic

from shared.secret import secret

KEPT_SECONDS = 5.0


class Secrets:
    """What references stand for, read at most every few seconds."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[float, str | None]] = {}

    def of(self, reference: str) -> str | None:
        """The secret, None where there is none: the variable is not set or empty, the file is missing or unreadable."""
        at, found = self._read.get(reference, (-KEPT_SECONDS, None))
        if monotonic() - at >= KEPT_SECONDS:
            found = secret(reference)
            self._read[reference] = (monotonic(), found)
        return found
