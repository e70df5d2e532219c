"""A card as Block Kit, within Slack's limits (their table, with sources: docs/channels.md)."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from services.alerts.channels.slack_text import characters, cut, escaped, octets
from services.alerts.domain.letter import Link
from services.alerts.domain.wording.card import Card, Fact, Sign

Block = dict[str, Any]

TEXT_BYTES = 4_000  # chat.update's limit; postMessage cuts at 40,000, but both say the same
HEADER = 150
SECTION = 3_000
FIELDS, FIELD = 10, 2_000
ALL_BLOCKS = 12_000  # undocumented: `msg_blocks_too_long` was met near 13,200; in bytes of JSON we stay well below

SIGNS: dict[Sign, str] = {
    "red": "🔴",
    "yellow": "🟡",
    "green": "🟢",
    "unknown": "⚪",
    "case": "💬",
    "trouble": "⚠️",
    "over": "✅",
}


class Message(msgspec.Struct, frozen=True):
    """`text` is the line of the notification, and what is read aloud; `blocks` are what is seen."""

    text: str
    blocks: list[Block]


def render(card: Card, *, key: str, short: bool = False) -> Message:
    """As much of the card as fits: a long verbatim is cut first, then facts go, at last the floor card stays.

    `key` makes the ids of the blocks: another one for each edit, as Slack asks. `short`: for a reply below a message
    that has the figures already.
    """
    facts = () if short else card.facts[:FIELDS]
    for blocks in _attempts(card, facts):
        if size(blocks) <= ALL_BLOCKS:
            return Message(_text(card), _named(blocks, key))
    return floor(card, key=key)


def floor(card: Card, *, key: str) -> Message:
    """Title, state and the first link: always fits, and is sent where Slack finds fault with the rest."""
    first = [_section(cut(card.lines[0], 500))] if card.lines else []
    links = card.links[:1] if card.links and octets(_url(card.links[0])) <= 1_000 else ()
    return Message(_text(card), _named([_header(card), *first, *_links(links)], key))


def size(blocks: list[Block]) -> int:
    """Bytes of the blocks as they are sent."""
    return octets(json.dumps(blocks, ensure_ascii=False))


def _attempts(card: Card, facts: tuple[Fact, ...]) -> Iterator[list[Block]]:
    for verbatim in (2_800, 1_200, 400) if card.verbatim else (0,):
        yield list(_all(card, facts, verbatim=verbatim, each=FIELD))
    for each in (500, 200):
        yield list(_all(card, facts, verbatim=200, each=each))
    for count in (6, 3, 0):
        yield list(_all(card, facts[:count], verbatim=0, each=200))


def _all(card: Card, facts: tuple[Fact, ...], *, verbatim: int, each: int) -> Iterator[Block]:
    yield _header(card)
    if card.lines:
        yield _section(cut("\n".join(card.lines), SECTION))
    if card.verbatim and verbatim:
        yield _section(_quoted(card.verbatim, verbatim))
    if facts:
        yield {"type": "section", "fields": [_field(fact, each) for fact in facts]}
    yield from _links(card.links)
    yield {"type": "context", "elements": [_mrkdwn(cut(card.foot, 500))]}


def _header(card: Card) -> Block:
    text = cut(f"{SIGNS[card.sign]} {card.headline}", HEADER)
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": True}}


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    # verbatim: addresses and channel names inside a text stay text; only links of ours are links.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _field(fact: Fact, limit: int) -> Block:
    name = cut(fact.name, 150)
    return _mrkdwn(f"*{name}*\n{cut(fact.value, limit - 160)}" if limit > 200 else f"*{name}*\n{cut(fact.value, 40)}")


def _quoted(text: str, limit: int) -> str:
    """A quote: each line behind `>`. The marks count too, so lines beyond the limit go with their marks."""
    kept, room = [], limit
    for line in text.split("\n"):
        shown = cut(line, max(room - 2, 1))
        kept.append(f"> {shown}")
        room -= characters(kept[-1]) + 1
        if room < 20 or shown != escaped(line):
            break
    return "\n".join(kept)


def _links(links: tuple[Link, ...]) -> list[Block]:
    """Those that there is room for, each whole."""
    shown = ""
    for link in links:
        said = f"<{_url(link)}|{cut(link.says, 75)}>"
        longer = f"{shown} · {said}" if shown else said
        if characters(longer) <= SECTION:
            shown = longer
    return [_section(shown)] if shown else []


def _url(link: Link) -> str:
    """As it may stand between `<` and `|`: what would end it is percent-encoded."""
    return escaped(quote(link.url, safe="%/:=&?~#+!$,;'@()*[]"))


def _text(card: Card) -> str:
    said = ". ".join([f"{SIGNS[card.sign]} {card.headline}", *card.lines[:1]])
    return cut(said, TEXT_BYTES - 500, measure=octets)


def _named(blocks: list[Block], key: str) -> list[Block]:
    digest = hashlib.blake2b(json.dumps([key, blocks]).encode(), digest_size=8).hexdigest()
    return [{**block, "block_id": f"{digest}-{place}"} for place, block in enumerate(blocks)]
