"""Block Kit's limits, each at its edge: what just fits is taken, one more is refused, and it says where."""

from typing import Any

import pytest

from deploy.local.inbox.limits import faults, texts, too_long, update_bytes


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": marked(text), **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "text": plain("Go"), **more}]}


def image(**more: Any) -> dict[str, Any]:
    return {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "i", **more}


AT_THE_EDGE = [
    ("section.text", lambda n: section("x" * n), 3_000, "/blocks/0/text/text"),
    ("fields", lambda n: {"type": "section", "fields": [marked("x")] * n}, 10, "/blocks/0/fields"),
    ("field", lambda n: {"type": "section", "fields": [marked("x" * n)]}, 2_000, "/blocks/0/fields/0/text"),
    ("header", lambda n: {"type": "header", "text": plain("x" * n)}, 150, "/blocks/0/text/text"),
    ("context", lambda n: {"type": "context", "elements": [marked("x")] * n}, 10, "/blocks/0/elements"),
    ("actions", lambda n: {"type": "actions", "elements": button()["elements"] * n}, 25, "/blocks/0/elements"),
    ("block_id", lambda n: section(block_id="x" * n), 255, "/blocks/0/block_id"),
    ("action_id", lambda n: button(action_id="x" * n), 255, "/blocks/0/elements/0/action_id"),
    ("button", lambda n: button(text=plain("x" * n)), 75, "/blocks/0/elements/0/text/text"),
    ("value", lambda n: button(value="x" * n), 2_000, "/blocks/0/elements/0/value"),
    ("url", lambda n: button(url="x" * n), 3_000, "/blocks/0/elements/0/url"),
    ("image_url", lambda n: image(image_url="x" * n), 3_000, "/blocks/0/image_url"),
    ("alt_text", lambda n: image(alt_text="x" * n), 2_000, "/blocks/0/alt_text"),
    ("title", lambda n: image(title=plain("x" * n)), 2_000, "/blocks/0/title/text"),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000, "/blocks/0/text"),
    (
        "confirm.title",
        lambda n: button(confirm={"title": plain("x" * n), "text": plain("x")}),
        100,
        "/blocks/0/elements/0/confirm/title/text",
    ),
    (
        "confirm.text",
        lambda n: button(confirm={"title": plain("x"), "text": plain("x" * n)}),
        300,
        "/blocks/0/elements/0/confirm/text/text",
    ),
    (
        "confirm.deny",
        lambda n: button(confirm={"title": plain("x"), "text": plain("x"), "deny": plain("x" * n)}),
        30,
        "/blocks/0/elements/0/confirm/deny/text",
    ),
]


@pytest.mark.parametrize(("name", "make", "limit", "where"), AT_THE_EDGE, ids=[row[0] for row in AT_THE_EDGE])
def test_what_fits_is_taken_and_one_more_is_refused_where_it_stands(
    name: str, make: Any, limit: int, where: str
) -> None:
    assert faults([make(limit)]) == []
    assert [at for at, _ in faults([make(limit + 1)])] == [where]
    assert where in [at for at, _ in faults([make(0)])]


def test_fifty_blocks_and_no_more() -> None:
    assert faults([section()] * 50) == []
    assert faults([section()] * 51) == [("/blocks", "no more than 50 items allowed")]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "heading", "text": plain("x")},
        {"text": plain("x")},
        {"type": "header", "text": marked("x")},
        {"type": "section"},
        {"type": "section", "text": "x"},
        {"type": "section", "text": {**plain("x"), "verbatim": True}},
        {"type": "section", "text": {**marked("x"), "emoji": True}},
        section(colour="red"),
        {"type": "divider", "text": plain("x")},
        {"type": "context", "elements": ["x"]},
        {"type": "actions", "elements": [{"text": plain("x")}]},
        button(confirm="sure?"),
    ],
)
def test_what_has_another_shape_is_refused(block: dict[str, Any]) -> None:
    assert faults([block])


@pytest.mark.parametrize("blocks", ["x", {"type": "divider"}, ["x"], [None]])
def test_blocks_are_a_list_of_objects(blocks: Any) -> None:
    assert faults(blocks)


def test_an_emoji_counts_as_two_and_ids_are_there_once() -> None:
    assert faults([{"type": "header", "text": plain("🔴" * 75)}]) == []
    assert faults([{"type": "header", "text": plain("🔴" * 76)}])
    assert faults([section(block_id="a"), section(block_id="a")])


def test_all_texts_together_have_a_limit_of_their_own() -> None:
    assert not too_long([section("x" * 2_640)] * 5)
    assert too_long([section("x" * 2_640)] * 5 + [section("x")])
    assert list(texts([section("a"), {"type": "section", "fields": [marked("b"), marked("c")]}])) == ["a", "b", "c"]


def test_an_update_counts_bytes_after_escaping() -> None:
    assert update_bytes("ü&") == 2 + 5
    assert update_bytes("&amp;&lt;") == 9, "entities are as they will be"
