"""Where a run stopped: a file below VOC_HOME, there from a run's first answer until its end."""

from datetime import timedelta
from hashlib import blake2b
from pathlib import Path

import msgspec

from cli.sending.chunk import Chunk, Refusal
from deploy.local.home import Home
from deploy.local.stack import write_secret

SHOWN = 10  # refusals that the end tells in full


class Known(msgspec.Struct, frozen=True):
    """A file as it was when the run began: what has changed since is sent from its start."""

    path: str
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> "Known":
        stat = path.stat()
        return cls(str(path.resolve()), stat.st_size, stat.st_mtime_ns)


class Bookmark(msgspec.Struct, kw_only=True):
    """A run over `files` that is in number `at` of them, `line` lines and `offset` bytes in, and what it found."""

    files: list[Known]
    shift_seconds: int | None = None
    at: int = 0
    offset: int = 0
    line: int = 0
    accepted: int = 0
    refused: int = 0
    refused_file: str | None = None
    refused_bytes: int = 0
    """How much of the file of refused lines is true: what a killed run wrote behind it is written again."""
    shown: list[tuple[str, Refusal]] = []

    @property
    def begun(self) -> bool:
        return bool(self.at or self.offset)

    @property
    def answered(self) -> int:
        return self.accepted + self.refused

    @property
    def bytes_done(self) -> int:
        return sum(file.size for file in self.files[: self.at]) + self.offset

    @property
    def shift(self) -> timedelta | None:
        return None if self.shift_seconds is None else timedelta(seconds=self.shift_seconds)

    def took(self, name: str, chunk: Chunk) -> None:
        """Move on behind a chunk that is answered."""
        self.accepted += chunk.accepted
        self.refused += len(chunk.refusals)
        self.offset, self.line = chunk.offset, chunk.line
        for refusal in chunk.refusals[: SHOWN - len(self.shown)]:
            self.shown.append((name, msgspec.structs.replace(refusal, raw=b"")))

    def next_file(self) -> None:
        self.at, self.offset, self.line = self.at + 1, 0, 0


class Shelf:
    """The bookmark of one kind of run: these files, this door, rebased or not."""

    def __init__(self, home: Home, files: list[Known], url: str, how: str) -> None:
        self._files = files
        name = blake2b(repr(([file.path for file in files], url, how)).encode(), digest_size=8).hexdigest()
        self.path = home.folder("send") / f"{name}.json"

    def read(self) -> Bookmark:
        """Where an earlier run stopped; the beginning where there is none, or one over other contents."""
        try:
            found = msgspec.json.decode(self.path.read_bytes(), type=Bookmark)
        except (FileNotFoundError, msgspec.DecodeError):
            return Bookmark(files=self._files)
        return found if found.files == self._files else Bookmark(files=self._files)

    def keep(self, bookmark: Bookmark) -> None:
        write_secret(self.path, msgspec.json.encode(bookmark))

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
