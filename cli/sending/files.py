"""Several files, one after the other, from where an earlier run stopped."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from rich.console import Console

from cli.sending import rebase
from cli.sending.bookmark import Bookmark, Known, Shelf
from cli.sending.chunk import Change, Chunk
from cli.sending.door import Door
from cli.sending.refused_file import RefusedFile
from cli.sending.run import send
from cli.sending.source import Source
from cli.sending.told import Told
from cli.stack_home import home
from shared.errors import VocError


class Sending:
    """One run of `voc send`. What comes by a pipe can be read once: no bookmark, no rebase."""

    def __init__(self, sources: list[Source], url: str, *, rebased: bool) -> None:
        self._sources = sources
        self._url = url
        paths = [source.path for source in sources if source.path is not None]
        self._known = [Known.of(path) for path in paths]
        whole = len(paths) == len(sources)
        how = repr((rebased, [(source.format, sorted(source.defaults.items())) for source in sources]))
        self._shelf = Shelf(home(), self._known, url, how) if whole else None
        if rebased and not whole:
            raise VocError("--rebase reads everything twice, which a pipe does not allow: write it to a file first.")

    @property
    def advice(self) -> str:
        """What to do when a run has ended early."""
        if self._shelf is None:
            return "Standard input cannot be resumed: pipe all of it in again, what was sent twice counts once."
        return "The same command goes on where it was."

    def bookmark(self, *, from_start: bool) -> Bookmark:
        """Where an earlier run stopped, or the beginning."""
        if self._shelf is None or from_start:
            return Bookmark(files=self._known)
        return self._shelf.read()

    def rebase(self, bookmark: Bookmark, now: datetime) -> None:
        """Find the last event and choose the shift, unless an earlier run has."""
        if bookmark.shift is None:
            found = [at for source in self._sources if (at := _latest(source)) is not None]
            bookmark.shift_seconds = int(rebase.shift_to(now, max(found)).total_seconds()) if found else 0

    def go(self, bookmark: Bookmark, key: str, *, console: Console, refused: Path | None) -> None:
        """Send what is behind the bookmark, and move it. Raises VocError."""
        self._say_where_refusals_are(bookmark, console, refused)
        total = sum(file.size for file in self._known) if self._shelf is not None else None
        with Told(console, bookmark, total=total) as told, _writing(refused, bookmark) as kept:
            asyncio.run(self._send(bookmark, key, told, kept))
        if self._shelf is not None:
            self._shelf.forget()

    def _say_where_refusals_are(self, bookmark: Bookmark, console: Console, refused: Path | None) -> None:
        """A run that goes on with another file for refused lines begins it; the earlier one's stay where they are."""
        name = None if refused is None else str(refused.resolve())
        if name == bookmark.refused_file:
            return
        if bookmark.refused and name:
            where = f"stay in {bookmark.refused_file}" if bookmark.refused_file else "were not written"
            console.print(
                f"Refusals of the run that stopped {where}; {refused} has those from here on.",
                markup=False,
                soft_wrap=True,
            )
        bookmark.refused_file, bookmark.refused_bytes = name, 0

    async def _send(self, bookmark: Bookmark, key: str, told: Told, kept: RefusedFile) -> None:
        shift = bookmark.shift
        change: Change | None = None if shift is None else partial(rebase.rebased, shift=shift)
        if shift is not None:
            self._keep(bookmark)  # before the door has taken anything: what goes on later must move alike
        async with Door(self._url, key, waits=told.waits) as door:
            for source in self._sources[bookmark.at :]:

                def done(chunk: Chunk, name: str = source.name) -> None:
                    bookmark.took(name, chunk)
                    bookmark.refused_bytes = kept.add(name, chunk.refusals)
                    self._keep(bookmark)
                    told.at(bookmark)

                with source.chunks(offset=bookmark.offset, line=bookmark.line, change=change) as chunks:
                    await send(chunks, door, done=done)
                bookmark.next_file()
                self._keep(bookmark)

    def _keep(self, bookmark: Bookmark) -> None:
        if self._shelf is not None:
            self._shelf.keep(bookmark)


def _latest(source: Source) -> datetime | None:
    with source.chunks() as chunks:
        return rebase.latest(chunks)


@contextmanager
def _writing(refused: Path | None, bookmark: Bookmark) -> Iterator[RefusedFile]:
    kept = RefusedFile(refused, keep=bookmark.refused_bytes)
    try:
        yield kept
    finally:
        kept.close()
