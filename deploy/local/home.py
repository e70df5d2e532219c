"""Where the local stack keeps what it has: the folders below `VOC_HOME`."""

import stat
from pathlib import Path

import msgspec

from deploy.local.failure import StackError

_LARGEST_LOG = 20 * 1024 * 1024
_READ_AT_MOST = 64 * 1024


class Home(msgspec.Struct, frozen=True):
    """A folder with `kafka/`, `postgres/`, `logs/`, `requests/` and `stack.json`."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> "Home":
        """The home at `path`, made where it is missing, and kept out of version control."""
        home = cls(path.absolute())
        try:
            home.path.mkdir(parents=True, exist_ok=True)
            home.logs.mkdir(mode=0o700, exist_ok=True)
            if stat.S_IMODE(home.logs.stat().st_mode) & 0o077:  # made by a release that let everybody read
                home.logs.chmod(0o700)
            home.requests.mkdir(mode=0o700, exist_ok=True)
            if not (home.path / ".gitignore").exists():
                (home.path / ".gitignore").write_text("*\n")
        except OSError as error:
            raise StackError(
                f"The stack cannot live in {home.path}: {error.strerror}; choose another folder by VOC_HOME."
            ) from error
        return home

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def requests(self) -> Path:
        return self.path / "requests"

    @property
    def stack(self) -> Path:
        return self.path / "stack.json"

    def log(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    def folder(self, part: str) -> Path:
        folder = self.path / part
        folder.mkdir(exist_ok=True)
        return folder


def rotate(log: Path, *, largest: int = _LARGEST_LOG) -> None:
    """Move a log that has grown too large to `….1`. It is emptied, not replaced: its writer keeps appending to it."""
    if log.exists() and log.stat().st_size > largest:
        with log.open("rb+") as source, log.with_name(log.name + ".1").open("wb") as kept:
            source.seek(-largest, 2)
            kept.write(source.read())
            source.truncate(0)


def last_lines(log: Path, *, since: int = 0, count: int = 12) -> list[str]:
    """The last lines written after the byte `since`, for people who want to know why something did not start."""
    if not log.exists():
        return []
    with log.open("rb") as source:
        size = source.seek(0, 2)
        source.seek(max(since if since <= size else 0, size - _READ_AT_MOST))
        text = source.read().decode(errors="replace")
    return text.splitlines()[-count:]
