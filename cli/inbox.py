"""`voc inbox`: what the local stack's stand-ins for Slack and the mail server have received."""

import os
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table

from shared.errors import VocError

AsJson = Annotated[bool, typer.Option("--json", help="for programs: [{kind, to, text, at, thread}]")]


def inbox(as_json: AsJson = False) -> None:
    """List the messages in the order in which they came; the inbox's own page shows them as their owners see them."""
    body = _received()
    if as_json:
        print(body.decode())
        return
    import msgspec

    messages = msgspec.json.decode(body)
    console = Console(highlight=False)
    if messages:
        console.print(_table(messages))
    else:
        console.print("Nothing has been received yet.")
    console.print(f"[dim]As their owners see them: {_address()}[/]", soft_wrap=True)


def _received() -> bytes:
    try:
        answer = httpx.get(f"{_address()}/messages", timeout=10, trust_env=False)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise VocError(f"The inbox at {_address()} does not answer ({error}); start it by `voc up inbox`.") from error
    return answer.content


def _address() -> str:
    return f"http://127.0.0.1:{os.environ.get('VOC_INBOX_PORT') or 8090}"


def _table(messages: list[dict[str, Any]]) -> Table:
    """One line a message; what belongs together has the same number under `thread`."""
    from datetime import datetime

    from rich.text import Text

    threads: dict[str, int] = {}
    table = Table("at", "kind", "to", "what", "thread", box=None, pad_edge=False)
    for message in messages:
        thread = threads.setdefault(message["thread"] or "", len(threads) + 1)
        at = datetime.fromisoformat(message["at"]).astimezone()
        first = message["text"].partition("\n")[0]
        table.add_row(f"{at:%H:%M:%S}", message["kind"], Text(message["to"]), Text(first), str(thread))
    return table
