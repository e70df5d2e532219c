"""Standard input as it comes: whole lines, soon after they are there, and never a wait that cannot be ended."""

import os
import select
from collections import deque
from collections.abc import Iterator
from time import monotonic

_LOOK_SECONDS = 0.1  # how soon a wait notices that it was ended
_GATHER_SECONDS = 0.5  # how long lines wait for others to go with them
_READ_BYTES = 64 * 1024


class Pipe:
    """Read like a file that was opened for bytes, by one thread; any other may stop it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: deque[bytes] = deque()
        self._rest = b""
        self._over = False

    def stop(self) -> None:
        """Let whoever waits for more find the end instead."""
        self._over = True

    @property
    def at_rest(self) -> bool:
        """Whether the next line would have to be waited for."""
        return not self._lines

    def __iter__(self) -> Iterator[bytes]:
        while self._lines or self._gather(_READ_BYTES):
            yield self._lines.popleft()

    def readlines(self, most_bytes: int) -> list[bytes]:
        """What has come within half a second of its first line, or about so many bytes; nothing at the end."""
        self._gather(most_bytes)
        found = list(self._lines)
        self._lines.clear()
        return found

    def _gather(self, most_bytes: int) -> bool:
        """Wait for a line, and a little for others. False at the end."""
        size, until = 0, None
        while not self._over and size < most_bytes and (until is None or monotonic() < until):
            if not select.select([self._descriptor], [], [], _LOOK_SECONDS)[0]:
                continue
            taken = os.read(self._descriptor, _READ_BYTES)
            size += len(taken)
            self._take(taken)
            if self._lines and until is None:
                until = monotonic() + _GATHER_SECONDS
        return bool(self._lines)

    def _take(self, taken: bytes) -> None:
        if not taken:
            self._over = True
            self._lines.extend([self._rest] if self._rest else [])
            return
        *lines, self._rest = (self._rest + taken).split(b"\n")
        self._lines.extend(line + b"\n" for line in lines)
