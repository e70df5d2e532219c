"""`voc quarantine`: what was refused, why, and in again once the cause is mended."""

import sys
from base64 import b64decode
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from cli.ingest_api import IngestApi, Key, Url
from cli.printed import print_json
from cli.quarantine_chosen import chosen, instant
from cli.quarantine_replayed import replayed
from cli.quarantine_shown import show_one, table
from cli.wide import console

app = typer.Typer(help="What was refused: kept until it is replayed or dismissed.", no_args_is_help=True)

Door = Literal["events", "webhook", "bridge", "scoring", "alerts"]
State = Literal["waiting", "replayed", "dismissed", "any"]
Ids = Annotated[list[int] | None, typer.Argument(metavar="[ID…]", help="ids of `voc quarantine list`")]
Id = Annotated[int, typer.Argument(metavar="ID", help="an id of `voc quarantine list`")]
Source = Annotated[str | None, typer.Option("--source", help="of this source; '' for those without a name")]
ByDoor = Annotated[Door | None, typer.Option("--door", help="that came by this door")]
Reason = Annotated[str | None, typer.Option("--reason", help="with this in the reason, or of this kind: unmapped …")]
Since = Annotated[str | None, typer.Option("--since", metavar="WHEN", help="last seen since: 2h, 7d, or an instant")]
Until = Annotated[str | None, typer.Option("--until", metavar="WHEN", help="last seen before: 2h, 7d, or an instant")]
InState = Annotated[State, typer.Option("--state", help="what has become of it")]
All = Annotated[bool, typer.Option("--all", help="all that waits")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would come of it, and change nothing")]
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]
Raw = Annotated[bool, typer.Option("--raw", help="its bytes alone, as they came: for `voc source test NAME -`")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="how many, the newest first")]


@app.command("list")
def list_items(
    source: Source = None,
    door: ByDoor = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    state: InState = "waiting",
    limit: Limit = 50,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Show what was refused, the newest first."""
    words: dict[str, str | None] = {
        "source": source,
        "door": door,
        "reason": reason,
        "state": None if state == "any" else state,
    }
    words |= {"since": instant(since), "until": instant(until)}
    with IngestApi(url, key) as ingest:
        items, more = _pages(ingest, words, limit)
    if as_json:
        print_json(items)
        return
    console().print(table(items) if items else "Nothing in the quarantine is as you ask for.")
    if more:
        Console(stderr=True, highlight=False).print("There is more: --limit, or a narrower question.")


@app.command()
def show(id: Id, raw: Raw = False, url: Url = None, key: Key = None, as_json: AsJson = False) -> None:
    """Show one: why it was refused, its bytes, and what to do about it."""
    with IngestApi(url, key) as ingest:
        item = ingest.get(f"/v1/quarantine/{id}")
    if raw:
        sys.stdout.buffer.write(item["text"].encode() if item["base64"] is None else b64decode(item["base64"]))
    elif as_json:
        print_json(item)
    else:
        show_one(Console(highlight=False, soft_wrap=True), item)


@app.command()
def replay(
    ids: Ids = None,
    source: Source = None,
    door: ByDoor = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    every: All = False,
    dry_run: DryRun = False,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Let it in again, by what is configured now. Exit code 1 if something is refused again.

    What went is in voc.events under the ids it would have had, so that twice
    counts once; one that is interrupted goes on when the same is typed again.
    """
    selection = chosen(
        ids, every=every, source=source, door=door, reason=reason, since=instant(since), until=instant(until)
    )
    with IngestApi(url, key) as ingest:
        total = replayed(ingest, selection | {"dry_run": dry_run}, quiet=as_json)
    if as_json:
        print_json(total)
    if total["refused"]:
        raise typer.Exit(1)


@app.command()
def dismiss(
    ids: Ids = None,
    source: Source = None,
    door: ByDoor = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    every: All = False,
    dry_run: DryRun = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Nobody needs these: they wait no longer, also if they come again. Kept until they are too old, and replayed only
    by their ids."""
    selection = chosen(
        ids, every=every, source=source, door=door, reason=reason, since=instant(since), until=instant(until)
    )
    with IngestApi(url, key) as ingest:
        count = ingest.post("/v1/quarantine/dismiss", selection | {"dry_run": dry_run})["dismissed"]
    print(f"{'Would be dismissed' if dry_run else 'Dismissed'}: {count:,}.")


def _pages(ingest: IngestApi, words: dict[str, str | None], limit: int) -> tuple[list[dict[str, Any]], bool]:
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        size = str(min(500, limit - len(items)))
        page = ingest.get("/v1/quarantine", **words, limit=size, cursor=cursor)
        items, cursor = items + page["items"], page["next"]
        if cursor is None or len(items) >= limit:
            return items, cursor is not None
