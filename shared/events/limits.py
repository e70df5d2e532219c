"""How long a text and how many of a thing an event may carry.

Judged where events come in alone: what was taken once is read for ever, whatever the limits are by then.
"""

from collections.abc import Iterator, Mapping, Sized
from typing import Any

from shared.events.model import Data, Feedback, Interaction, Outcome, Profile
from shared.events.refusal import Problem

MOST_TEXT = 65_536
"""Characters of a comment, a question, a reason or an attribute: the longest message that a help desk keeps fits."""
MOST_ITEMS = 500
"""Answers, attributes, identifiers, purposes of consent."""
SHORT = 4 * MOST_ITEMS
"""An event of so many bytes breaks none of these: the least item, `"a",`, has four."""


def too_much(data: Data) -> list[Problem]:
    """Every limit that an event's data break."""
    return [*_texts(data), *_items(data)]


def _texts(data: Data) -> Iterator[Problem]:
    for path, text in _all_texts(data):
        if isinstance(text, str) and len(text) > MOST_TEXT:
            yield Problem(path, f"expected at most {MOST_TEXT:,} characters, found {len(text):,}")


def _all_texts(data: Data) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Feedback):
        yield "data.comment", data.comment
        for index, answer in enumerate(data.answers):
            yield f"data.answers[{index}].question", answer.question
    elif isinstance(data, Outcome):
        yield "data.reason", data.reason
    else:
        for path, facts in _facts(data):
            for name, value in facts.items():
                yield f"{path}.{name[:80]}", name if len(name) > MOST_TEXT else value


def _items(data: Data) -> Iterator[Problem]:
    several: list[tuple[str, Sized]] = []
    if isinstance(data, Feedback):
        several = [("data.answers", data.answers)]
    elif isinstance(data, Interaction | Profile):
        several = [*_facts(data)]
        if isinstance(data, Profile):
            several.append(("data.identifiers", data.identifiers))
    for path, found in several:
        if len(found) > MOST_ITEMS:
            yield Problem(path, f"expected at most {MOST_ITEMS}, found {len(found):,}")


def _facts(data: Interaction | Profile) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if data.attributes:
        yield "data.attributes", data.attributes
    if isinstance(data, Profile) and data.consent:
        yield "data.consent", data.consent
