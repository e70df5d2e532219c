"""Sends real orders through the public door and compares every month's figures with an independent count: exactly.

`python -m bench.real_orders PATH`, where PATH holds `events-*.ndjson` and the folder `programme`. Two rounds, each on
an empty stack of its own: the file as it is, and the file shuffled and sent twice. Exit code 1 if one figure differs.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench import olist_count
from bench.olist_count import Month, Share
from deploy.local import port as ports
from deploy.local.part import PARTS

AT = "/v1/journeys/order-to-door/touchpoints/parcel-arrives/metrics"
COUNTS = {"csat": olist_count.csat, "promise_kept": olist_count.promise_kept}
PATIENCE_SECONDS = 180


class Stack:
    """A local stack in a folder of its own on free ports, driven by the command `voc` as people do."""

    def __init__(self, home: Path) -> None:
        self.ports = {name: ports.free() for name in PARTS}
        moved = {f"VOC_{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VOC_")}
        own = {"VOC_INBOX_SMTP_PORT": str(ports.free()), "VOC_HOME": str(home)}
        self._environ = {**kept, **moved, **own}

    def voc(self, *words: str | Path) -> str:
        """Run a command; its output, or the end of this program with what it said."""
        command = [sys.executable, "-m", "cli.main", *map(str, words)]
        done = subprocess.run(command, env=self._environ, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"voc {' '.join(map(str, words))}: {done.stdout}{done.stderr}")
        return done.stdout.strip()


@contextmanager
def stack() -> Iterator[Stack]:
    """An empty stack that runs, and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="voc-real-orders-") as folder:
        os.chmod(folder, 0o755)
        own = Stack(Path(folder) / "home")
        try:
            own.voc("up")
            yield own
        finally:
            own.voc("down")


def months(own: Stack, key: str, metric: str) -> dict[Month, tuple[float, int]]:
    """The metric by month as the read API has it: value and n."""
    asked = {"metric": metric, "from": "2017-01-01", "to": "2018-07-01", "step": "1mo"}
    answer = httpx.get(
        f"http://127.0.0.1:{own.ports['insights']}{AT}", params=asked, headers={"Authorization": f"Bearer {key}"}
    )
    answer.raise_for_status()
    return {_month(point): (point["value"], point["n"]) for point in answer.json()["points"]}


def _month(point: dict[str, Any]) -> Month:
    year, month, *_ = point["from"].split("-")
    return int(year), int(month)


def compare(sends: list[Path], programme: Path, wanted: dict[str, dict[Month, Share]]) -> int:
    """One round; how many figures differ."""
    with stack() as own:
        own.voc("programme", "apply", programme)
        for file in sends:
            print(own.voc("send", file).splitlines()[-1])
        key = own.voc("key", "create", "--name", "real-orders", "--scope", "read")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = {metric: months(own, key, metric) for metric in wanted}
            n_right = all(_ns(found[metric]) == {m: n for m, (_, n) in wanted[metric].items()} for metric in wanted)
            if n_right or time.monotonic() > deadline:
                return sum(_told(metric, wanted[metric], found[metric]) for metric in wanted)
            time.sleep(1)


def _ns(found: dict[Month, tuple[float, int]]) -> dict[Month, int]:
    return {month: n for month, (_, n) in found.items()}


def _told(metric: str, wanted: dict[Month, Share], found: dict[Month, tuple[float, int]]) -> int:
    """Print a line a month; how many are wrong."""
    wrong = 0
    for month in sorted({*wanted, *found}):
        good, n = wanted.get(month, (0, 0))
        expected = (100 * good / n, n) if n else None
        equal = found.get(month) == expected
        wrong += not equal
        said = "equal" if equal else f"DIFFERS: the read API says {found.get(month)}"
        print(f"  {metric:<13}{month[0]}-{month[1]:02}  {good:>4} of {n:>4}  {said}")
    return wrong


def main() -> None:
    """Both rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument("--seed", type=int, default=1, help="of the shuffled round")
    given = parser.parse_args()
    files = sorted(given.path.glob("events-*.ndjson"))
    if not files:
        parser.error(f"there is no events-*.ndjson in {given.path}")
    lines = [line for file in files for line in file.read_text().splitlines(keepends=True)]
    events = olist_count.events_of(lines)
    wanted = {metric: count(events) for metric, count in COUNTS.items()}
    print(f"{len(events)} events, as they stand in the file")
    wrong = compare(files, given.path / "programme", wanted)
    with tempfile.TemporaryDirectory(prefix="voc-shuffled-") as folder:
        shuffled = Path(folder) / "shuffled.ndjson"
        shuffled.write_text("".join(random.Random(given.seed).sample(lines, len(lines))))
        print(f"shuffled by seed {given.seed}, and sent twice")
        wrong += compare([shuffled, *files], given.path / "programme", wanted)
    figures = 2 * sum(map(len, wanted.values()))
    print(f"{figures - wrong} of {figures} figures equal, exactly.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
