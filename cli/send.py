"""`voc send`: events from files through the public door."""

from pathlib import Path
from time import monotonic
from typing import Annotated, Literal

import typer
from rich.console import Console

from cli.sending.door import NotTaken
from cli.sending.files import Sending
from cli.sending.source import Format, sources
from cli.sending.target import door_of, key_of
from cli.sending.told import conclude
from cli.stopped import Stopped
from shared.clock import now
from shared.errors import Unavailable, VocError

Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="JSON lines, or CSV where it ends so; - is stdin")]
Url = Annotated[str | None, typer.Option("--url", help="the door; else VOC_INGEST_URL, else the local stack's")]
Key = Annotated[
    str | None, typer.Option("--key", help="a key of scope ingest; else VOC_KEY, else the local stack's own")
]
Rebase = Annotated[
    Literal["now"] | None, typer.Option("--rebase", help="move all instants so that the last event is now")
]
Refused = Annotated[
    Path | None, typer.Option("--refused", metavar="FILE", help="write what was refused there, with the reasons")
]
FromStart = Annotated[bool, typer.Option("--from-start", help="do not go on where an interrupted run stopped")]
As = Annotated[Format | None, typer.Option("--format", help="what the files are, whatever their names say")]
Type = Annotated[str | None, typer.Option("--type", help="CSV without such a column: the type of every event")]
From = Annotated[str | None, typer.Option("--source", help="CSV without such a column: the source of every event")]


def send(
    files: Files,
    url: Url = None,
    key: Key = None,
    rebase: Rebase = None,
    refused: Refused = None,
    from_start: FromStart = False,
    as_format: As = None,
    type_: Type = None,
    source: From = None,
) -> None:
    """Send events through the public door. Exit code 1 if one was refused.

    JSON lines: a CloudEvent a line, sent as it stands.

    CSV: the header names fields: id, source, type, time, subject; action,
    touchpoint, comment and the other fields of data; answers.nps (and
    answers.nps.scale); attributes.NAME, consent.NAME; data.NAME for a field of
    your own. Empty cells are left out. Without a column id, a row's content is
    its id.

    A customer's events go in the order of the file. A run that was interrupted
    goes on where it was when the same command is given again; what was sent
    twice counts once.

    --rebase now moves time, experienced_at, promised_at and fulfilled_at by one
    shift; bare dates by whole days, rounded up. Ids stay, so plain and rebased
    runs want a stack each.
    """
    defaults = {name: value for name, value in (("type", type_), ("source", source)) if value}
    address, local = door_of(url)
    sending = Sending(sources(files, as_format, defaults), address, rebased=rebase is not None)
    bookmark = sending.bookmark(from_start=from_start)
    errors = Console(stderr=True, highlight=False)
    if bookmark.shift is not None and not bookmark.begun:
        errors.print("Moving by the shift of the run that stopped; --from-start chooses a new one.", soft_wrap=True)
    if rebase is not None:
        with errors.status("Looking for the last event"):
            sending.rebase(bookmark, now())
    authorized = key_of(key, local=local)
    if bookmark.begun:
        where = f"line {bookmark.line:,} of {files[bookmark.at]}" if bookmark.at < len(files) else "the last file"
        errors.print(f"Going on behind {where}; --from-start sends everything.", markup=False, soft_wrap=True)
    began, before = monotonic(), bookmark.answered
    try:
        sending.go(bookmark, authorized, console=errors, refused=refused)
    except KeyboardInterrupt:
        raise Stopped(f"Stopped. {sending.advice}") from None
    except (Unavailable, NotTaken) as error:
        done = f"At least {bookmark.accepted:,} events were accepted before."
        raise VocError(f"{error} {done} {sending.advice}") from error
    conclude(errors, bookmark, before=before, seconds=monotonic() - began, written=refused)
    if bookmark.refused:
        raise typer.Exit(1)
