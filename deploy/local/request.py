"""What a command asks of the supervisor: a file in `requests/`, gone when it has been taken up.

The environment travels with it, so that a service started now sees what was exported a minute ago; therefore only we
may read the file, and it lives for a tenth of a second.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from deploy.local.home import Home
from deploy.local.process import Birth
from deploy.local.stack import write_secret


class Request(msgspec.Struct, frozen=True):
    """Have these parts run, or not run."""

    do: Literal["up", "down"]
    parts: tuple[str, ...]
    environ: dict[str, str]
    asked_by: Birth


def post(home: Home, do: Literal["up", "down"], parts: tuple[str, ...], environ: dict[str, str]) -> Path:
    """Ask. The supervisor has taken it up when the returned file is gone."""
    asker = Birth.of(os.getpid())
    assert asker is not None  # we are running
    path = home.requests / f"{time.time_ns()}-{os.getpid()}.json"
    write_secret(path, msgspec.json.encode(Request(do, parts, environ, asker)))
    return path


def pending(home: Home) -> Iterator[tuple[Path, Request]]:
    """What has been asked, oldest first. Left-overs of commands that were killed are thrown away."""
    for path in sorted(home.requests.glob("[0-9]*.json")):
        try:
            request = msgspec.json.decode(path.read_bytes(), type=Request)
        except msgspec.DecodeError:
            path.unlink(missing_ok=True)
            continue
        if request.asked_by.alive:
            yield path, request
        else:
            path.unlink(missing_ok=True)
