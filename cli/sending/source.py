"""What is sent: a file or standard input, as JSON lines or CSV."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from cli.sending import csv_rows, json_lines
from cli.sending.chunk import Change, Chunks
from cli.sending.pipe import Pipe
from shared.errors import VocError

Format = Literal["json", "csv"]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """`path` None is standard input. `defaults` are attributes of CSV rows that have no column for them."""

    path: Path | None
    format: Format
    defaults: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        return "standard input" if self.path is None else str(self.path)

    @contextmanager
    def chunks(self, *, offset: int = 0, line: int = 0, change: Change | None = None) -> Iterator[Chunks]:
        """Its events from a byte on. Raises VocError for a file that cannot be read, and for columns unheard of."""
        with self._open() as file:
            if self.format == "csv":
                yield csv_rows.chunks(
                    file, name=self.name, defaults=self.defaults, offset=offset, line=line, change=change
                )
            else:
                yield json_lines.chunks(file, offset=offset, line=line, change=change)

    def check(self) -> None:
        """Raises VocError for columns unheard of, where that can be known before all of it is read."""
        if self.format == "csv" and self.path is not None:
            with self.path.open("rb") as file:
                csv_rows.check_header(file, name=self.name, defaults=self.defaults)

    @contextmanager
    def _open(self) -> Iterator[BinaryIO | Pipe]:
        if self.path is None:
            pipe = Pipe(sys.stdin.fileno())
            try:
                yield pipe
            finally:
                pipe.stop()
            return
        with self.path.open("rb") as file:
            yield file


def sources(names: list[str], format: Format | None, defaults: Mapping[str, str]) -> list[Source]:
    """What was named on the command line. Raises VocError for a file that is not there or has columns unheard of."""
    found = []
    for name in names:
        path = None if name == "-" else Path(name)
        if path is not None and not path.is_file():
            raise VocError(f"{name} cannot be sent: {'it is a folder' if path.is_dir() else 'there is no such file'}.")
        found.append(Source(path=path, format=format or _by_name(path), defaults=defaults))
    if defaults and all(source.format == "json" for source in found):
        raise VocError("--type and --source are for rows of CSV; JSON lines are sent as they stand.")
    for source in found:
        source.check()
    return found


def _by_name(path: Path | None) -> Format:
    return "csv" if path is not None and path.suffix.lower() in (".csv", ".tsv") else "json"
