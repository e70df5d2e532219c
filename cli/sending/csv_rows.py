"""CSV: an event a row, by the names in the header."""

import csv
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, BinaryIO

import msgspec

from cli.sending.chunk import Change, Chunk, Chunks, Line, Refusal, place
from cli.sending.columns import UnknownColumn, event_of, putters
from cli.sending.pipe import Pipe
from shared.events.refusal import Problem

_ROWS = 1500  # in a chunk
_DELIMITERS = ",;\t|"
_MARK = b"\xef\xbb\xbf"
_encode = msgspec.json.Encoder().encode
_encode_alike = msgspec.json.Encoder(order="sorted").encode  # wherever a column stands


class _Lines:
    """The file's lines for the csv module, which takes as many as a row has; `row` are the bytes of the last one."""

    def __init__(self, file: BinaryIO | Pipe, *, offset: int, line: int) -> None:
        self._file = file
        self.offset = offset
        self.line = line
        self.row = b""

    @property
    def at_rest(self) -> bool:
        """Whether the next one would have to be waited for."""
        return isinstance(self._file, Pipe) and self._file.at_rest

    def __iter__(self) -> Iterator[str]:
        for raw in self._file:
            self.offset += len(raw)
            self.line += 1
            self.row += raw
            yield (raw.removeprefix(_MARK) if self.line == 1 else raw).decode(errors="replace")


class _Table:
    """What the header says of the rows below it. Raises UnknownColumn."""

    def __init__(self, header: str, defaults: Mapping[str, str]) -> None:
        self.delimiter = max(_DELIMITERS, key=header.count)
        names = next(csv.reader([header], delimiter=self.delimiter), [])
        if not names:
            raise UnknownColumn("There is nothing in it: the first line names the columns.")
        self.columns = putters(names)
        self._defaults = defaults
        self._unnamed = "id" not in (name.strip() for name in names)

    def event(self, row: list[str]) -> dict[str, Any]:
        """The event of a row with as many cells as there are columns; without a column `id`, named by all it says."""
        event = event_of(row, self.columns, self._defaults)
        if self._unnamed:
            event["id"] = blake2b(_encode_alike(event), digest_size=16).hexdigest()
        return event


def check_header(file: BinaryIO, *, name: str, defaults: Mapping[str, str]) -> None:
    """Raises UnknownColumn for a file whose rows cannot be read."""
    _table(_Lines(file, offset=0, line=0), name, defaults)


def _table(lines: _Lines, name: str, defaults: Mapping[str, str]) -> _Table:
    try:
        return _Table(next(iter(lines), ""), defaults)
    except UnknownColumn as error:
        raise UnknownColumn(f"{name}: {error}") from error


def chunks(
    file: BinaryIO | Pipe,
    *,
    name: str,
    defaults: Mapping[str, str],
    offset: int = 0,
    line: int = 0,
    change: Change | None = None,
) -> Chunks:
    """The rows from a byte on, behind `line` lines. `defaults` are attributes that every event has, such as its type.

    Without a column `id` an event's id is made from all else that it says: what is equal is the same event, in whatever
    file. `name` is the file's, for UnknownColumn.
    """
    lines = _Lines(file, offset=0, line=0)
    table = _table(lines, name, defaults)
    if offset and not isinstance(file, Pipe):
        file.seek(offset)
        lines = _Lines(file, offset=offset, line=line)
    rows = csv.reader(lines, delimiter=table.delimiter, strict=True)
    more = True
    while more:
        chunk = Chunk()
        more = _fill(chunk, rows, lines, table, change)
        yield chunk


def _fill(chunk: Chunk, rows: Iterator[list[str]], lines: _Lines, table: _Table, change: Change | None) -> bool:
    """Take some rows into the chunk, of a pipe those that are there. False at the end of the file."""
    for taken in range(_ROWS):
        if taken and lines.at_rest:
            break
        number, lines.row = lines.line + 1, b""
        try:
            row = next(rows, None)
            found = _found(number, row, lines.row, table, change) if row else None
        except csv.Error as error:
            row, found = [], _refusal(number, f"expected a row of CSV: {error}", lines.row)
        if row is None:
            return False
        if isinstance(found, Line):
            chunk.lines.append(found)
        elif found is not None:
            chunk.refusals.append(found)
        chunk.offset, chunk.line = lines.offset, lines.line
    return True


def _found(number: int, row: list[str], raw: bytes, table: _Table, change: Change | None) -> Line | Refusal:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return _refusal(number, f"expected UTF-8, found byte 0x{raw[error.start]:02x}", raw)
    if len(row) != (wanted := len(table.columns)):
        return _refusal(number, f"expected as many cells as the header has, {wanted}, found {len(row)}", raw)
    return place(number, _encode(table.event(row)), change)


def _refusal(number: int, message: str, raw: bytes) -> Refusal:
    return Refusal(line=number, problems=[Problem("", message)], raw=raw.rstrip(b"\r\n"))
