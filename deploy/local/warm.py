"""Java's ahead-of-time cache for Kafka: a start takes half the processor time. Made once, beside the jars.

`python -m deploy.local.warm` makes it, by a run of a broker of its own that nobody sees; the supervisor has that done
when everything is up for the first time. Without the cache everything works, only later.
"""

import fcntl
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from deploy.local import port as ports
from deploy.local.home import Home
from deploy.local.jars import fetch
from deploy.local.kafka import Kafka, cache_of
from deploy.local.process import Process
from deploy.local.server import await_ready

_KEPT = 3  # they are 70 MB each, one for each Java and lock in use
_LONGEST = timedelta(minutes=5)  # it runs behind everything else


def make() -> bool:
    """Make the cache. False if it is there, or somebody else makes it now."""
    cache = cache_of(fetch())
    cache.parent.mkdir(exist_ok=True)
    with (cache.parent / "lock").open("w") as guard, tempfile.TemporaryDirectory() as place:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return not cache.exists() and _train(Path(place), cache)


def _train(place: Path, cache: Path) -> bool:
    """Run a broker that notes what it loads; it writes the cache as it ends."""
    new = cache.with_suffix(".new")
    broker = Kafka(Home.at(place), port=ports.free(), options=[f"-XX:AOTCacheOutput={new}"])
    launched: list[Process] = []
    _end_with_us(launched)
    process = broker.launch(apart=False)  # one that a signal catches here is ended with our group, by the supervisor
    launched.append(process)
    try:
        await_ready(broker, process, longest=_LONGEST)
    finally:
        process.stop(by=signal.SIGTERM, grace=_LONGEST)
    if not new.exists():
        return False
    new.rename(cache)
    for old in sorted(cache.parent.glob("*.aot"), key=lambda file: file.stat().st_mtime)[:-_KEPT]:
        old.unlink()
    return True


def _end_with_us(launched: Sequence[Process]) -> None:
    """A supervisor that ends sends SIGTERM, and does not want to wait for a cache."""

    def end(_number: int, _frame: object) -> None:
        for process in launched:
            process.send(signal.SIGKILL)
        sys.exit(1)

    signal.signal(signal.SIGTERM, end)


if __name__ == "__main__":
    os.nice(19)
    make()
