"""Kafka's jars: fetched once by the committed lock, checked at every start, offline from then on."""

import fcntl
import hashlib
import logging
import os
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from deploy.local.failure import StackError

LOCK = Path(__file__).with_name("kafka.lock")
_AT_ONCE = 8

Progress = Callable[[int, int], None]
"""Told how many jars of how many are there."""


class BrokenDownload(StackError):
    """A jar could not be fetched, or is not the one that was locked."""


def folder() -> Path:
    """Where jars are kept, shared by all homes of an account: VOC_CACHE, else the account's cache folder."""
    given = os.environ.get("VOC_CACHE")
    usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "voc"
    return Path(given).absolute() if given else usual


def are_there(*, lock: Path = LOCK) -> bool:
    """Whether there is nothing to download; what the files hold is checked by `fetch`."""
    return all(jar.path.exists() for jar in _locked(lock))


def fetch(progress: Progress = lambda _there, _all: None, *, lock: Path = LOCK) -> list[Path]:
    """All jars of the lock, each with the SHA-256 it was locked with. Raises BrokenDownload.

    VOC_MAVEN_URL names a mirror of Maven Central for machines that may not reach it.
    """
    locked = _locked(lock)
    with _alone(), ThreadPoolExecutor(_AT_ONCE) as pool:
        whole = list(pool.map(_Jar.is_whole, locked))
        missing = [jar for jar, there in zip(locked, whole, strict=True) if not there]
        context = _context() if missing else None
        tasks = [pool.submit(jar.fetch, context) for jar in missing]
        try:
            for there, task in enumerate(tasks, len(locked) - len(missing) + 1):
                task.result()
                progress(there, len(locked))
        except BrokenDownload:
            pool.shutdown(cancel_futures=True)
            raise
    return [jar.path for jar in locked]


class _Jar(msgspec.Struct, frozen=True):
    """One line of the lock, with jgo's names; the rest of what jgo writes there is of no use to us."""

    groupId: str  # noqa: N815
    artifactId: str  # noqa: N815
    version: str
    packaging: str
    sha256: str
    classifier: str | None = None

    @property
    def path(self) -> Path:
        """Where jgo keeps it: Maven's own order of folders. Knowing it saves importing jgo (0.7 s) at most starts."""
        name = "-".join(filter(None, [self.artifactId, self.version, self.classifier]))
        place = Path(*self.groupId.split("."), self.artifactId, self.version, f"{name}.{self.packaging}")
        return folder() / "jars" / place

    def is_whole(self) -> bool:
        return self.path.exists() and _sha256(self.path) == self.sha256

    def fetch(self, context: Any) -> None:
        component = context.project(self.groupId, self.artifactId).at_version(self.version)
        self.path.unlink(missing_ok=True)  # a download that was interrupted
        try:
            component.artifact(packaging=self.packaging, classifier=self.classifier).resolve()
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors, jgo's own are RuntimeErrors
            self.path.unlink(missing_ok=True)
            raise BrokenDownload(
                f"Kafka could not be fetched: {self.path.name} did not arrive ({_reason(error)}); check the connection "
                "to Maven Central, or name a mirror by VOC_MAVEN_URL, and run the command again: it goes on where it "
                "stopped."
            ) from error
        if not self.is_whole():
            self.path.unlink(missing_ok=True)
            raise BrokenDownload(
                f"Kafka could not be fetched: {self.path.name} is not the file that was locked (SHA-256 differs) and "
                "was deleted; run the command again, and if it stays so, something between you and Maven Central "
                "changes it: name a mirror by VOC_MAVEN_URL."
            )


def _locked(lock: Path) -> list[_Jar]:
    return msgspec.convert(tomllib.loads(lock.read_text())["dependencies"], list[_Jar])


def _context() -> Any:
    from jgo.maven import MavenContext, PythonResolver

    logging.getLogger("jgo").setLevel(logging.ERROR)  # what it would warn of, we refuse
    mirror = os.environ.get("VOC_MAVEN_URL")
    return MavenContext(
        resolver=PythonResolver(),
        repo_cache=folder() / "jars",
        local_repos=[],
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as jar:
        return hashlib.file_digest(jar, "sha256").hexdigest()


def _reason(error: Exception) -> str:
    return type(error).__name__ if isinstance(error, OSError) else "it is not there"


@contextmanager
def _alone() -> Iterator[None]:
    """Two homes that start at once share the folder: the second waits, and finds everything there."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        guard = (folder() / "jars.lock").open("w")
    except OSError as error:
        raise BrokenDownload(
            f"Kafka could not be kept in {folder()}: {error.strerror}; choose another folder by VOC_CACHE."
        ) from error
    with guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield
