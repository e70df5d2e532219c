"""What Slack accepts as a message: Block Kit's shapes and limits (docs/channels.md has the table)."""

from collections.abc import Callable, Iterator
from typing import Any

Fault = tuple[str, str]
"""Where, as a JSON pointer, and what is wrong."""

BLOCKS = 50
ALL_TEXT = 13_200
UPDATE_BYTES = 4_000
POST_TEXT = 40_000
SECTION, FIELDS, FIELD, HEADER, ELEMENTS, ACTIONS, ID = 3_000, 10, 2_000, 150, 10, 25, 255
BUTTON, VALUE, URL, ALT, TITLE, MARKDOWN = 75, 2_000, 3_000, 2_000, 2_000, 12_000


def faults(blocks: Any) -> list[Fault]:
    """All that makes `invalid_blocks` of a message; empty where it is fine."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return [("/blocks", "must be an array of objects")]
    found = [fault for place, block in enumerate(blocks) for fault in _block(block, f"/blocks/{place}")]
    if len(blocks) > BLOCKS:
        found.append(("/blocks", f"no more than {BLOCKS} items allowed"))
    ids = [block["block_id"] for block in blocks if isinstance(block.get("block_id"), str)]
    if len(ids) != len(set(ids)):
        found.append(("/blocks", "block_id must be unique"))
    return found


def too_long(blocks: list[dict[str, Any]]) -> bool:
    """`msg_blocks_too_long`: all texts together, a limit that is documented nowhere and was met near 13,200."""
    return sum(len(text) for text in texts(blocks)) > ALL_TEXT


def texts(value: Any) -> Iterator[str]:
    """Each text in blocks, in the order in which people read them."""
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for key in ("text", "fields", "elements", "accessory", "title"):
            if isinstance(value.get(key), list | dict):
                yield from texts(value[key])


def update_bytes(text: str) -> int:
    """Bytes of a text once Slack has escaped each `&` that is no entity of its own."""
    entities = sum(text.count(entity) for entity in ("&amp;", "&lt;", "&gt;"))
    return len(text.encode()) + 4 * (text.count("&") - entities)


def _block(block: dict[str, Any], at: str) -> Iterator[Fault]:
    check = _BLOCKS.get(block.get("type", ""))
    if check is None:
        yield f"{at}/type", f"unsupported type: {block.get('type')!r:.40}"
        return
    if "block_id" in block:
        yield from _string(block["block_id"], f"{at}/block_id", ID)
    yield from check(block, at)


def _section(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _only(block, at, "text", "fields", "accessory", "expand")
    fields = block.get("fields")
    if "text" not in block and not fields:
        yield at, "must define either `fields` or `text`"
    if "text" in block:
        yield from _text(block["text"], f"{at}/text", SECTION)
    if fields is not None:
        yield from _array(fields, f"{at}/fields", FIELDS, lambda field, where: _text(field, where, FIELD))
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory")


def _header(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _only(block, at, "text")
    yield from _text(block.get("text"), f"{at}/text", HEADER, types=("plain_text",))


def _context(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _only(block, at, "elements")
    yield from _array(block.get("elements"), f"{at}/elements", ELEMENTS, _context_element)


def _context_element(element: Any, at: str) -> Iterator[Fault]:
    if isinstance(element, dict) and element.get("type") == "image":
        yield from _image(element, at)
    else:
        yield from _text(element, at, SECTION)


def _actions(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _only(block, at, "elements")
    yield from _array(block.get("elements"), f"{at}/elements", ACTIONS, _element)


def _element(element: Any, at: str) -> Iterator[Fault]:
    """Of what stands in actions and accessories only buttons and images are looked into."""
    if not isinstance(element, dict) or "type" not in element:
        yield at, "must be an element with a type"
    elif element["type"] == "image":
        yield from _image(element, at)
    elif element["type"] == "button":
        yield from _text(element.get("text"), f"{at}/text", BUTTON, types=("plain_text",))
        for key, limit in (("action_id", ID), ("value", VALUE), ("url", URL)):
            if key in element:
                yield from _string(element[key], f"{at}/{key}", limit)
        if "confirm" in element:
            yield from _confirm(element["confirm"], f"{at}/confirm")


def _confirm(confirm: Any, at: str) -> Iterator[Fault]:
    if not isinstance(confirm, dict):
        yield at, "must be an object"
        return
    for key, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if key in confirm or key in ("title", "text"):
            yield from _text(confirm.get(key), f"{at}/{key}", limit)


def _image(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _string(block.get("image_url"), f"{at}/image_url", URL)
    yield from _string(block.get("alt_text"), f"{at}/alt_text", ALT)
    if "title" in block:
        yield from _text(block["title"], f"{at}/title", TITLE, types=("plain_text",))


def _divider(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _only(block, at)


def _markdown(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _only(block, at, "text")
    yield from _string(block.get("text"), f"{at}/text", MARKDOWN)


def _rich_text(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _only(block, at, "elements")
    if not isinstance(block.get("elements"), list):
        yield f"{at}/elements", "must be an array"


def _text(value: Any, at: str, limit: int, *, types: tuple[str, ...] = ("mrkdwn", "plain_text")) -> Iterator[Fault]:
    """A text object."""
    if not isinstance(value, dict) or value.get("type") not in types:
        yield at, f"must be a text object of type {' or '.join(types)}"
        return
    own = "emoji" if value["type"] == "plain_text" else "verbatim"
    yield from ((f"{at}/{key}", f"is not allowed in {value['type']}") for key in value.keys() - {"type", "text", own})
    yield from _string(value.get("text"), f"{at}/text", limit)


def _string(value: Any, at: str, limit: int) -> Iterator[Fault]:
    if not isinstance(value, str) or not value:
        yield at, "must be a text of at least 1 character"
    elif len(value.encode("utf-16-le")) // 2 > limit:
        yield at, f"must be less than {limit + 1} characters"


def _array(value: Any, at: str, limit: int, each: Callable[[Any, str], Iterator[Fault]]) -> Iterator[Fault]:
    if not isinstance(value, list) or not value:
        yield at, "must be an array of at least 1 item"
        return
    if len(value) > limit:
        yield at, f"no more than {limit} items allowed"
    for place, item in enumerate(value):
        yield from each(item, f"{at}/{place}")


def _only(block: dict[str, Any], at: str, *keys: str) -> Iterator[Fault]:
    yield from ((f"{at}/{key}", "is not allowed here") for key in block.keys() - {"type", "block_id", *keys})


_BLOCKS: dict[str, Callable[[dict[str, Any], str], Iterator[Fault]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
}
