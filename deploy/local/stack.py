"""`stack.json`: what runs in a home. The supervisor writes it, commands read it."""

import os
from pathlib import Path
from typing import Literal

import msgspec

from deploy.local.home import Home
from deploy.local.process import Birth

Phase = Literal["starting", "ready", "waiting", "failed", "stopping"]


class PartState(msgspec.Struct, frozen=True, kw_only=True):
    """One part. `waiting` is the pause before it is started again, `failed` stays so until it is asked for."""

    phase: Phase
    port: int
    address: str
    gives: dict[str, str] = {}
    """The settings by which others find it, secrets among them."""
    process: Birth | None = None
    restarts: int = 0
    seconds: float = 0.0
    """How long the last start took."""
    message: str | None = None

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.alive


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """The supervisor and its parts. After a reboot the file is still there, and nothing in it is alive."""

    supervisor: Birth | None = None
    parts: dict[str, PartState] = {}


def read(home: Home) -> Stack:
    """What was last written; nothing where there is no file, or one of another release."""
    try:
        return msgspec.json.decode(home.stack.read_bytes(), type=Stack)
    except (FileNotFoundError, msgspec.DecodeError):
        return Stack()


def write(home: Home, stack: Stack) -> None:
    """Replace the file in one step. Only we may read it: the address of the database holds its password."""
    write_secret(home.stack, msgspec.json.format(msgspec.json.encode(stack)))


def write_secret(path: Path, content: bytes) -> None:
    """Replace a file that only we may read, in one step."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    new.replace(path)
