"""What is in the quarantine, for people."""

import re
from base64 import b64decode
from contextlib import suppress
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LONGEST_REASON = 60
MOST_SHOWN = 4000  # characters of a body

# By the kind of its reason, else by the door.
TO_DO = {
    "unmapped": "Mend the source in sources.yaml (`voc quarantine show {id} --raw | voc source test {source} - "
    "--programme DIR` tries it out), apply the programme, then `voc quarantine replay {id}`.",
    "unproven": "If the secret here was the wrong one, mend it and `voc quarantine replay {id}`: the signature is"
    " checked again. If a stranger sent it, `voc quarantine dismiss {id}`.",
    "poison": "Scoring could not fold it: its log says where. Mend that, then `voc quarantine replay {id}`.",
    "unreadable": "Bring alerts to the release of scoring; this message itself is not replayed: `voc quarantine dismiss"
    " {id}`.",
    "too-large": "Only its beginning was kept, so it cannot be replayed: have its sender send less at once, then `voc"
    " quarantine dismiss {id}`.",
    "webhook": "Have its sender mend it, or mend the source in sources.yaml; then `voc quarantine replay {id}`.",
    "bridge": "Mend the source in sources.yaml, apply the programme, then `voc quarantine replay {id}`.",
    "scoring": "It is no event by the rules of now: after a release that takes it, `voc quarantine replay {id}`.",
    "events": "Its sender has to mend it and send it again; then `voc quarantine dismiss {id}`.",
}


def table(items: list[dict[str, Any]]) -> Table:
    """One line a thing."""
    found = Table("id", "last seen", "source", "door", "reason", "times", "state", box=None, pad_edge=False)
    for item in items:
        found.add_row(
            str(item["id"]),
            when(item["last_seen"]),
            Text(plain(item["source"]) or "–"),
            item["door"],
            Text(cut(item["reason"])),
            f"{item['times']:,}",
            item["state"],
        )
    return found


def show_one(console: Console, item: dict[str, Any]) -> None:
    """All that is known of it, its bytes as readable as they are, and what to do."""
    came = f"{item['origin']}, first {when(item['first_seen'])}, last {when(item['last_seen'])}"
    console.print(f"[bold]{item['id']}[/] of {_text(item['source'] or 'a sender without a name')}: {_text(came)}")
    console.print(
        f"{item['state']}, seen {item['times']:,} times, {_proven(item['authentic'])}, {item['size']:,} bytes"
    )
    console.print(f"[red]Refused[/] ({item['kind']}):")
    for problem in item["problems"] or [{"path": "", "message": item["reason"]}]:
        console.print(f"  {_text(_said(problem))}")
    if item["refusal"]:
        console.print(
            f"[red]Refused again[/] when it was replayed at {when(item['tried_at'])}: {_text(item['refusal'])}"
        )
    for name, value in item["headers"]:
        console.print(f"[dim]{_text(name)}:[/] {_text(value)}")
    console.print(readable(item), markup=False)
    if item["state"] == "waiting":
        what = TO_DO.get(item["kind"]) or TO_DO[item["door"]]
        console.print(f"\n{_text(what.format(id=item['id'], source=item['source']))}")


def readable(item: dict[str, Any]) -> str:
    """JSON over several lines, other text as it stands, other bytes as Python writes them; the beginning of it."""
    import msgspec

    if item["base64"] is not None:
        text = repr(b64decode(item["base64"]))
    else:
        text = item["text"]
        with suppress(msgspec.DecodeError):
            text = msgspec.json.format(text, indent=2)
    text = plain(text)
    rest = len(text) - MOST_SHOWN
    return text if rest <= 0 else f"{text[:MOST_SHOWN]}\n… and {rest:,} characters more: --raw has them all"


def plain(text: str) -> str:
    """Without what a terminal would obey: anybody may have sent it."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def cut(reason: str) -> str:
    """The first line, so much as stands in a column."""
    first = plain(reason).partition("\n")[0]
    return first if len(first) <= LONGEST_REASON else f"{first[: LONGEST_REASON - 1]}…"


def when(at: str) -> str:
    """In UTC, as all commands say it."""
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M:%S} UTC"


def _text(text: str) -> str:
    return escape(plain(text))


def _said(problem: dict[str, str]) -> str:
    return f"{problem['path']}: {problem['message']}".removeprefix(": ")


def _proven(authentic: bool | None) -> str:
    return {True: "its sender proven", False: "its sender not proven", None: "nobody asked who sent it"}[authentic]
