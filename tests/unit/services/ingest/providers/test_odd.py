"""No payload, however odd, is more than refused: golden ones with something else in one place of them."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.ingest.domain.proof import Unproven
from shared.events.refusal import Refused
from tests.unit.services.ingest.providers.cases import Case, all_cases, case

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e300,
    2**70,
    "",
    "x",
    "\0",
    "4",
    [],
    [None],
    [[1]],
    {},
    {"id": []},
    ["a", 1, {}],
)
MOST = 25  # changed payloads of a golden one


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a value with each of its keys or indices."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for at, member in members:
        yield value, at
        yield from places(member)


def odd_ones(golden: Case, chance: random.Random) -> Iterator[bytes]:
    if isinstance(golden.body, str):
        raw = golden.body.encode()
        for _ in range(MOST):
            start = chance.randrange(len(raw) + 1)
            yield raw[:start] + chance.randbytes(2) + raw[start + chance.randrange(8) :]
        return
    yield from (msgspec.json.encode(value) for value in ODD)
    for _ in range(MOST):
        body = copy.deepcopy(golden.body)
        found = list(places(body))
        if not found:
            return
        inside, at = chance.choice(found)
        inside[at] = chance.choice(ODD)
        yield msgspec.json.encode(body)


@pytest.mark.parametrize("path", all_cases(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_odd_payload_is_at_most_refused(path: Path) -> None:
    golden = case(path)
    mapping = golden.mapping
    for raw in odd_ones(golden, random.Random(path.name)):
        try:
            mapped = mapping.events(msgspec.structs.replace(golden.delivery, body=raw))
        except (Refused, Unproven):
            continue
        for event in mapped.events:
            msgspec.json.decode(event.raw)
