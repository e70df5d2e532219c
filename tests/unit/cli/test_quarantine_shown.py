"""What anybody may have sent is shown so that it can be read, and obeyed by no terminal."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from cli.quarantine_shown import TO_DO, cut, plain, readable, show_one, table

ITEM: dict[str, Any] = {
    "id": 7,
    "source": "crm",
    "door": "webhook",
    "origin": "POST /v1/webhooks/crm",
    "reason": "data.kind: missing",
    "kind": "unmapped",
    "content_type": "application/json",
    "authentic": True,
    "first_seen": "2026-11-25T08:00:00Z",
    "last_seen": "2026-11-25T09:00:00Z",
    "times": 1200,
    "size": 9,
    "state": "waiting",
    "settled_at": None,
    "tried_at": None,
    "refusal": None,
    "problems": [{"path": "data.kind", "message": "missing"}],
    "headers": [["http-x-event", "[bold]paid"]],
    "text": '{"a":[1]}',
    "base64": None,
}


def shown(**fields: Any) -> str:
    out = StringIO()
    show_one(Console(file=out, width=200, soft_wrap=True), {**ITEM, **fields})
    return out.getvalue()


def test_one_says_what_it_is_why_and_what_to_do() -> None:
    found = shown()
    assert "7 of crm: POST /v1/webhooks/crm, first 2026-11-25 08:00:00 UTC, last 2026-11-25 09:00:00 UTC" in found
    assert "waiting, seen 1,200 times, its sender proven, 9 bytes" in found
    assert "  data.kind: missing" in found
    assert "http-x-event: [bold]paid" in found
    assert '"a": [' in found
    assert "voc quarantine replay 7" in found


def test_what_is_settled_asks_for_nothing() -> None:
    assert "voc quarantine" not in shown(state="replayed")


@pytest.mark.parametrize("what", [*TO_DO])
def test_each_hint_can_be_typed(what: str) -> None:
    fields = {"door": what} if what in ("webhook", "bridge", "scoring", "events") else {"kind": what}
    found = shown(**({"kind": "invalid"} | fields))
    assert "voc quarantine" in found
    assert " 7" in found
    assert "{" not in found.rpartition("}")[2]


def test_nothing_of_it_reaches_the_terminal() -> None:
    evil = "\x1b[2J\x9b31m\r\x07\u202egpj"
    found = shown(
        text=evil, reason=evil, refusal=evil, tried_at=ITEM["last_seen"], headers=[["http-x", evil]], source=evil
    )
    assert not set("\x1b\x9b\r\x07\u202e") & set(found)
    assert plain("a\nb\tc") == "a\nb\tc"


def test_bytes_that_are_no_text_are_written_out_and_long_ones_cut() -> None:
    assert readable({"text": None, "base64": "//4A"}) == r"b'\xff\xfe\x00'"
    assert readable({"text": "x" * 5000, "base64": None}).endswith("1,000 characters more: --raw has them all")


def test_a_line_of_the_list_is_one_line() -> None:
    assert cut("a\nb") == "a"
    assert len(cut("x" * 500)) == 60
    out = StringIO()
    Console(file=out, width=200).print(table([ITEM]))
    assert "crm" in out.getvalue()
