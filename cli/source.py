"""`voc source`: who may send, and what a payload of theirs becomes."""

import sys
from base64 import b64encode
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from cli.ingest_api import IngestApi, Key, Url
from cli.printed import print_json
from cli.source_tried import show
from cli.wide import console
from shared.errors import VocError

app = typer.Typer(help="Who may send: webhooks and topics, as the programme has them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="the source, as sources.yaml calls it")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="a payload as it is sent; - is stdin")]
Folder = Annotated[
    Path | None, typer.Option("--programme", metavar="DIR", help="take the source from this folder, applied or not")
]
Header = Annotated[
    list[str] | None, typer.Option("--header", "-H", metavar="'NAME: VALUE'", help="a header that is sent with it")
]
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


@app.command("list")
def list_sources(url: Url = None, key: Key = None, as_json: AsJson = False) -> None:
    """Show the sources of the programme in force: how each comes in, and what is missing."""
    with IngestApi(url, key) as ingest:
        items = ingest.get("/v1/sources")["items"]
    if as_json:
        print_json(items)
        return
    table = Table("source", "comes from", Column("at", overflow="fold"), "is", box=None, pad_edge=False)
    for item in items:
        table.add_row(item["source"], item.get("provider") or "Kafka", item.get("url") or item.get("topic"), _is(item))
    console().print(table if items else "The programme in force has no sources: see docs/webhooks.md.")


@app.command("test")
def try_out(
    name: Name,
    file: File,
    programme: Folder = None,
    header: Header = None,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Show what a payload becomes, or exactly why it does not. Nothing is sent. Exit code 1 if it does not.

    The source is that of the programme in force; with --programme that of a
    folder, before it is applied. Signatures are checked where the headers that
    hold them are given by --header.
    """
    source: Any = name if programme is None else _of_folder(programme, name)
    body = {"source": source, "body": b64encode(_read(file)).decode(), "headers": dict(map(_parted, header or []))}
    with IngestApi(url, key) as ingest:
        tried = ingest.post("/v1/sources/test", body)
    if as_json:
        print_json(tried)
    else:
        show(Console(highlight=False, soft_wrap=True), tried, signed=bool(header) and not tried.get("topic"))
    if tried["problems"]:
        raise typer.Exit(1)


def _is(item: dict[str, Any]) -> str:
    if item.get("missing"):
        return f"[red]without its secret[/] {item['missing']}"
    if item.get("kind") == "topic":
        return _bridge(item)
    if item.get("absent"):
        return f"ready, but [yellow]without its secret[/] {', '.join(item['absent'])}"
    return str(item.get("state") or f"ready, proven by its {item.get('proven_by')}")


def _bridge(item: dict[str, Any]) -> str:
    """How far a topic is read, or why it is not."""
    if item["state"] != "reading":
        return f"{item['state']}: {escape(item['says'])}" if item["says"] else str(item["state"])
    return "read" if item["lag"] is None else f"read, {item['lag']:,} records behind"


@app.command("resume")
def resume(name: Name, url: Url = None, key: Key = None) -> None:
    """Let a topic be read on whose bridge has stopped. Mend its map first."""
    with IngestApi(url, key) as ingest:
        ingest.post(f"/v1/sources/{name}/resume", {})
    print(f"{name} is read on.")


def _of_folder(folder: Path, name: str) -> Any:
    import msgspec

    from cli.programme import read_folder

    sources = {source.source: source for source in read_folder(folder).sources}
    if name not in sources:
        raise VocError(f"{folder / 'sources.yaml'} has no source {name!r}; it has {', '.join(sources) or 'none'}.")
    return msgspec.to_builtins(sources[name])


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise VocError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}.") from error


def _parted(header: str) -> tuple[str, str]:
    name, colon, value = header.partition(":")
    if not colon:
        raise typer.BadParameter(f"expected 'NAME: VALUE', found {header!r}", param_hint="--header")
    return name.strip(), value.strip()
