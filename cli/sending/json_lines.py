"""JSON lines: an event a line, sent byte for byte as it stands there."""

from typing import BinaryIO

from cli.sending.chunk import READ_BYTES, Change, Chunk, Chunks, Line, place
from cli.sending.pipe import Pipe

_MARK = b"\xef\xbb\xbf"  # what some editors put in front of UTF-8


def chunks(file: BinaryIO | Pipe, *, offset: int = 0, line: int = 0, change: Change | None = None) -> Chunks:
    """The file from a byte on, behind `line` lines. Empty lines are passed over."""
    if offset and not isinstance(file, Pipe):
        file.seek(offset)
    while taken := file.readlines(READ_BYTES):
        chunk = Chunk()
        for raw in taken:
            line += 1
            offset += len(raw)
            raw = raw.strip() if line > 1 else raw.removeprefix(_MARK).strip()
            if not raw:
                continue
            found = place(line, raw, change)
            if isinstance(found, Line):
                chunk.lines.append(found)
            else:
                chunk.refusals.append(found)
        chunk.offset, chunk.line = offset, line
        yield chunk
