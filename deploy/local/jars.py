"""Kafka's jars: fetched once by the committed lock, checked at every start, offline from then on."""

import fcntl
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


def fetch(progress: Progress = lambda _there, _all: None, *, lock: Path = LOCK) -> list[Path]:
    """All jars of the lock, each with the SHA-256 it was locked with. Raises BrokenDownload.

    VOC_MAVEN_URL names a mirror of Maven Central for machines that may not reach it.
    """
    from jgo.env import LockFile

    logging.getLogger("jgo").setLevel(logging.ERROR)  # what it would warn of, we refuse
    locked = LockFile.load(lock).dependencies
    context = _context()
    jars = []
    with _alone(), ThreadPoolExecutor(_AT_ONCE) as pool:
        tasks = [pool.submit(_jar, context, dependency) for dependency in locked]
        try:
            for there, task in enumerate(tasks, 1):
                jars.append(task.result())
                progress(there, len(locked))
        except BrokenDownload:
            pool.shutdown(cancel_futures=True)
            raise
    return jars


def _context() -> Any:
    from jgo.maven import MavenContext, PythonResolver

    mirror = os.environ.get("VOC_MAVEN_URL")
    return MavenContext(
        resolver=PythonResolver(),
        repo_cache=folder() / "jars",
        local_repos=[],
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
    )


def _jar(context: Any, locked: Any) -> Path:
    component = context.project(locked.groupId, locked.artifactId).at_version(locked.version)
    artifact = component.artifact(packaging=locked.packaging, classifier=locked.classifier)
    there: Path = artifact.cached_path
    if there.exists() and _sha256(there) == locked.sha256:
        return there
    there.unlink(missing_ok=True)  # a download that was interrupted
    try:
        artifact.resolve()
    except (OSError, RuntimeError) as error:  # requests' errors are OSErrors, jgo's own are RuntimeErrors
        there.unlink(missing_ok=True)
        raise BrokenDownload(
            f"Kafka could not be fetched: {there.name} did not arrive ({_reason(error)}); check the connection to "
            "Maven Central, or name a mirror by VOC_MAVEN_URL, and run the command again: it goes on where it stopped."
        ) from error
    if _sha256(there) != locked.sha256:
        there.unlink()
        raise BrokenDownload(
            f"Kafka could not be fetched: {there.name} is not the file that was locked (SHA-256 differs) and was "
            "deleted; run the command again, and if it stays so, what stands between you and Maven Central changes it."
        )
    return there


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
