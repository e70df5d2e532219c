"""`voc programme`: check a folder, show what it would change, apply it."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncConnection

from cli.database import database, database_engine
from cli.programme_change import show
from cli.programme_switches import approved
from shared import clock
from shared.programme import store
from shared.programme.diff import differences
from shared.programme.faults import ProgrammeInvalid
from shared.programme.load import load_with_cautions
from shared.programme.major import with_majors
from shared.programme.model import Programme
from shared.programme.unheard import unheard

app = typer.Typer(help="What the company has decided, as files.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="the programme's folder, with programme.yaml in it")]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="INSTANT", help="when it begins to hold: 2026-11-24T08:00+01:00, or a date"),
]
Approve = Annotated[
    bool, typer.Option("--approve", help="also if more than 20 % of customers would switch persona, or nobody knows")
]


@app.command()
def validate(folder: Folder) -> None:
    """Name every mistake, with file, line and what was expected. Exit code 1 if there is one; a warning is none."""
    programme = read_folder(folder)
    touchpoints = [touchpoint for journey in programme.journeys for touchpoint in journey.touchpoints]
    moments = sum(touchpoint.moment_of_truth is not None for touchpoint in touchpoints)
    counted = {
        "journey": len(programme.journeys),
        "touchpoint": len(touchpoints),
        "persona": len(programme.personas),
        "owner": len(programme.owners),
        "source": len(programme.sources),
    }
    said = ", ".join(f"{count} {noun}{'s' * (count != 1)}" for noun, count in counted.items() if count)
    print(f"{programme.name} is right: {said}, {moments} of the touchpoints a moment of truth.")


@app.command()
def diff(folder: Folder) -> None:
    """Show what applying the folder would change."""
    programme = read_folder(folder)
    asyncio.run(_diff(programme))


@app.command()
def apply(folder: Folder, from_text: From = None, approve: Approve = False) -> None:
    """Show what changes and who would switch persona, and store it as the version that holds from now, or --from."""
    programme = read_folder(folder)
    from_at = None if from_text is None else _instant(from_text, programme)
    asyncio.run(_apply(programme, from_at, approve=approve))


async def _diff(programme: Programme) -> None:
    async with database("voc programme") as connection:
        await _show(connection, programme)


async def _apply(programme: Programme, from_at: datetime | None, *, approve: bool) -> None:
    async with database_engine("voc programme") as engine:
        async with engine.begin() as connection:
            last = await _show(connection, programme)
        if last is not None:
            await approved(engine, (last, programme), from_at or clock.now(), approve=approve)
        async with engine.begin() as connection:
            applied = await store.apply(connection, programme, now=clock.now(), from_at=from_at)
    if not applied.changed:
        print(f"Nothing was applied: it is version {applied.version.id} as it stands.")
        return
    valid_from = applied.version.valid_from
    since = "the beginning of time" if valid_from is None else f"{valid_from:%Y-%m-%d %H:%M:%S} UTC"
    note = " (the first version always does)" if last is None and from_at is not None else ""
    print(f"Version {applied.version.id} of {programme.name} holds from {since}{note}.")


async def _show(connection: AsyncConnection, programme: Programme) -> Programme | None:
    """Print what changes against the last version, which is returned; None where there is none."""
    versions = await store.versions(connection)
    last = versions[-1].programme if versions else None
    show(Console(), differences(last, with_majors(programme, [version.programme for version in versions])))
    return last


def read_folder(folder: Path) -> Programme:
    """The programme, with a warning of each owner whom nothing can reach and of actions that no step knows; else its
    mistakes, and the end."""
    try:
        programme, cautions = load_with_cautions(folder)
    except ProgrammeInvalid as invalid:
        for fault in invalid.faults:
            print(folder / str(fault), file=sys.stderr)
        raise typer.Exit(1) from None
    for caution in cautions:
        print(f"warning: {folder / str(caution)}", file=sys.stderr)
    for one in unheard(programme):
        print(f"warning: {folder / 'owners.yaml'}: {one}", file=sys.stderr)
    return programme


def _instant(text: str, programme: Programme) -> datetime:
    """An instant; without an offset, and a bare date from its midnight on, in the programme's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"expected an instant such as 2026-11-24T08:00+01:00, found {text!r}") from None
    zone = ZoneInfo(programme.timezone)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
