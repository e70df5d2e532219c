"""Any bytes are an event or Refused, nothing else; and whatever is an event, scoring can fold."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events.event import Event
from shared.events.explain import explain
from shared.events.model import DATA_OF, Envelope
from shared.events.read import read
from shared.events.refusal import MOST_PROBLEMS, Refused
from tests.histories import events as plausible
from tests.programmes import RETAIL
from tests.unit.services.scoring.memory import Memory
from tests.unit.shared.events.examples import accepted, refused

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EXAMPLES = [*accepted().values(), *(refusal.raw() for refusal in refused().values())]

# What has broken readers of JSON before, as it stands in the bytes.
PIECES = [
    b"null", b"true", b"-1", b"0.5", b"1e999", b"-1e999", b"9" * 400, b"9" * 5000, b"NaN", b"01", b"1e", b"-0.0",
    b'""', b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u0000"', b'"\\\\u0000"', b'"\x00"', b'"\xff"', b'"\xed\xa0\x80"',
    b'"0001-01-01T00:00:00+14:00"', b'"9999-12-31T23:59:59-14:00"', b'"2026-11-24"', b'"crm:1"', b'":"', b'"nps"',
    b"[]", b"{}", b"[" * 70 + b"]" * 70, b"[" * 2000 + b"]" * 2000, b'{"a":' * 70 + b"1" + b"}" * 70, b"[" * 5000,
    b'{"metric":"nps","score":5}', b'[{"metric":"x","score":1e308,"scale":[0,5e-324]}]', b'["email:a", "b"]',
    b'{"\\u0000":{"a":1e999}}', b',"id":"2"', b"\xef\xbb\xbf", b" ", b"",
]  # fmt: skip

names = st.sampled_from(
    [*(field.name for kind in (Envelope, *DATA_OF.values()) for field in msgspec.structs.fields(kind)), "unknown"]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8)
    | st.sampled_from([*DATA_OF, "1.0", "nps", "csat", "2026-11-24T09:15:00Z", "2026-11-24", "crm:1", "customer"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=6), max_leaves=12
)


@st.composite
def contract_shaped(draw: st.DrawFn) -> bytes:
    """An object with the contract's names and anything in them."""
    event = draw(st.dictionaries(names, values, max_size=8))
    event |= {"specversion": "1.0", "id": "1", "source": "s", "type": draw(st.sampled_from(list(DATA_OF)))}
    event["data"] = draw(st.dictionaries(names, values, max_size=8))
    return msgspec.json.encode(event | draw(st.dictionaries(names, values, max_size=1)))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """An example with some of its bytes replaced by a piece that has broken readers before."""
    raw = draw(st.sampled_from(EXAMPLES))
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, len(raw)))
        end = draw(st.integers(begin, min(len(raw), begin + 20)))
        raw = raw[:begin] + draw(st.sampled_from(PIECES)) + raw[end:]
    return raw


@st.composite
def with_a_value_replaced(draw: st.DrawFn) -> bytes:
    """A plausible event, one value of which is such a piece."""
    event = draw(plausible())
    where = draw(st.sampled_from([event, event["data"]]))
    where[draw(names | st.sampled_from(sorted(where)))] = "@piece@"
    return json.dumps(event).encode().replace(b'"@piece@"', draw(st.sampled_from(PIECES)))


anything = st.binary(max_size=60) | contract_shaped() | mutated() | with_a_value_replaced()


@settings(max_examples=800, deadline=None)
@given(raw=anything, clock=st.booleans())
def test_any_bytes_are_an_event_or_refused_with_a_reason(raw: bytes, clock: bool) -> None:
    found = _outcome(raw, NOW if clock else None)
    if isinstance(found, Event):
        assert found.raw is raw
        assert is_json(raw)
        return
    assert 0 < len(found.problems) <= MOST_PROBLEMS
    assert all(problem.message for problem in found.problems)
    assert found.malformed is not is_json(raw)
    msgspec.json.encode(found.problems)


@settings(max_examples=400, deadline=None)
@given(raw=anything)
def test_explaining_is_never_without_words(raw: bytes) -> None:
    assert explain(raw)


@settings(max_examples=500, deadline=None)
@given(raws=st.lists(contract_shaped() | mutated() | with_a_value_replaced(), max_size=4))
def test_what_is_read_is_folded_and_its_state_outlives_the_encoding(raws: list[bytes]) -> None:
    taken = [raw for raw in raws if isinstance(_outcome(raw), Event)]
    memory = Memory(RETAIL)
    memory.fold(taken, NOW)
    memory.fold(taken, NOW)  # decodes the state that was kept, and finds everything seen
    memory.fire(NOW + timedelta(days=400_000))
    assert len({row[3] for row in memory.timeline if row[6].startswith("voc.") and row[5] != "voc:scoring"}) == len(
        {(read(raw).source, read(raw).id) for raw in taken}
    )
    for row in memory.timeline:
        assert row[1].astimezone(UTC).year in range(1899, 3001)
        assert not any("\0" in cell for cell in row if isinstance(cell, str))


def test_every_example_is_folded() -> None:
    memory = Memory(RETAIL)
    memory.fold(accepted().values(), NOW)
    assert len(memory.timeline) == len(accepted())


@pytest.mark.parametrize("depth", [100, 900, 5_000, 200_000])
@pytest.mark.parametrize("at", [b'"data":', b'"unknown":', b'"data":{"attributes":{"a":', b'"time":'])
def test_no_depth_breaks_the_reader(depth: int, at: bytes) -> None:
    deep = b"[" * depth + b'"\\u0000"' + b"]" * depth
    closing = b"}" * at.count(b"{")
    raw = b'{"specversion":"1.0","id":"1","source":"s","type":"voc.interaction",' + at + deep + closing + b"}"
    with pytest.raises(Refused, match="within one another") as caught:
        read(raw)
    assert not caught.value.malformed


def test_what_is_not_utf_8_is_malformed_however_deep_it_nests() -> None:
    with pytest.raises(Refused, match="UTF-8") as caught:
        read(b"[" * 5_000 + b"\xff")
    assert caught.value.malformed


def test_ten_thousand_faults_are_not_all_told() -> None:
    answers = [{"metric": "nps", "score": 11}] * 10_000
    event = {"specversion": "1.0", "id": "1", "source": "s", "type": "voc.feedback", "data": {"answers": answers}}
    with pytest.raises(Refused) as caught:
        read(msgspec.json.encode(event))
    assert len(caught.value.problems) == MOST_PROBLEMS


@pytest.mark.parametrize(
    ("time", "taken"),
    [("2026-11-24T12:00:00Z", True), ("2026-11-24T13:00:00.000001+01:00", False), ("2026-11-24T12:00:01Z", False)],
)
def test_the_clock_is_the_doors_and_a_topics_reader_has_none(time: str, taken: bool) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "s", "type": "voc.interaction", "time": time, "data": {}}
    raw = msgspec.json.encode(event)
    assert read(raw).time is not None
    if taken:
        assert read(raw, not_after=NOW).time is not None
    else:
        with pytest.raises(Refused, match="24 h in the future"):
            read(raw, not_after=NOW)


def is_json(raw: bytes) -> bool:
    """What Python's own reader says, which is told to be strict; it takes deep ones apart on its own stack."""
    if raw.count(b"[") + raw.count(b"{") > 900:
        return not _broken_by_msgspec(raw)
    try:
        text = raw.decode("utf-8")
        document = json.loads(text, parse_constant=_no_constants, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return not text.startswith("\ufeff") and not _has_surrogates(document)


def _broken_by_msgspec(raw: bytes) -> bool:
    try:
        raw.decode()
        msgspec.json.decode(raw, type=msgspec.Raw)
    except RecursionError:
        return False
    except (msgspec.DecodeError, UnicodeDecodeError):
        return True
    return False


def _no_constants(name: str) -> Any:
    raise ValueError(name)


def _has_surrogates(document: Any) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in json.dumps(document, ensure_ascii=False))


def _outcome(raw: bytes, not_after: datetime | None = None) -> Event | Refused:
    try:
        return read(raw, not_after=not_after)
    except Refused as refusal:
        return refusal
