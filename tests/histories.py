"""Random histories: few customers, few orders and close times, so that everything collides with everything."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

BEGIN = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks of Europe/Berlin go forward that night

_at = st.integers(0, 60 * 72).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
_maybe_instance = st.sampled_from([None, "1", "2"])
_channel = st.sampled_from([None, "web", "courier"])
_subject = st.sampled_from(["ana", "customer:ana", "email:bo@example.com", "crm:7"])
_promised = st.one_of(
    st.none(), _at.map(lambda at: at.isoformat()), st.sampled_from(["2026-03-28", "2026-03-29", "2026-03-30"])
)
_score = st.one_of(
    st.builds(lambda score: {"metric": "nps", "score": score}, st.integers(0, 10)),
    st.builds(lambda score: {"metric": "csat", "score": score}, st.integers(1, 5)),
    st.builds(lambda score: {"metric": "ces", "score": score, "scale": [1, 5]}, st.integers(1, 5)),
    st.builds(lambda score: {"metric": "cleanliness", "score": score, "scale": [0, 10]}, st.floats(0, 10)),
)
_e = st.one_of(
    st.builds(lambda score: {"metric": "effectiveness", "score": score}, st.integers(0, 2)),
    st.builds(lambda score: {"metric": "ease", "score": score}, st.integers(1, 7)),
    st.builds(lambda score: {"metric": "enjoyment", "score": score}, st.integers(1, 7)),
    st.builds(lambda score: {"metric": "enjoyment", "score": score, "scale": [-3, 3]}, st.integers(-3, 3)),
)


@st.composite
def interactions(draw: st.DrawFn) -> dict[str, Any]:
    data = {
        "action": draw(st.sampled_from(["placed", "delivered", "chatted", "called-back", "danced", "survey-invited"])),
        "journey": draw(st.sampled_from([None, None, "order-to-door", "get-help", "unknown"])),
        "instance": draw(_maybe_instance),
        "channel": draw(_channel),
        "promised_at": draw(_promised),
        "response_seconds": draw(st.sampled_from([None, 0, 0.5, 90])),
    }
    return {"type": "voc.interaction", "subject": draw(st.one_of(st.none(), _subject)), "data": _given(data)}


@st.composite
def feedback(draw: st.DrawFn) -> dict[str, Any]:
    data = {
        "touchpoint": draw(st.sampled_from([None, "parcel-arrives", "parcel-arrives", "chat", "nowhere"])),
        "journey": draw(st.sampled_from([None, None, "order-to-door", "get-help"])),
        "instance": draw(_maybe_instance),
        "channel": draw(_channel),
        "response": draw(st.sampled_from([None, "r1", "r2"])),
        "experienced_at": draw(st.one_of(st.none(), _at.map(lambda at: at.isoformat()))),
        "answers": draw(st.one_of(st.lists(_score, max_size=3), st.lists(_e, min_size=2, max_size=6))),
        "comment": draw(st.sampled_from([None, "fine"])),
    }
    return {"type": "voc.feedback", "subject": draw(st.one_of(st.none(), _subject)), "data": _given(data)}


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    event = draw(st.one_of(interactions(), feedback()))
    event |= {
        "specversion": "1.0",
        "id": f"e{draw(st.integers(0, 10_000))}",
        "source": draw(st.sampled_from(["urn:shop", "urn:survey"])),
        "time": draw(_at).isoformat(),
    }
    return event if event["subject"] is not None else {name: v for name, v in event.items() if name != "subject"}


def histories(most: int = 40) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Lists of events, each of them another one."""
    return st.lists(events(), max_size=most, unique_by=lambda event: (event["source"], event["id"]))


_booking = st.fixed_dictionaries({"no": st.sampled_from([1, 2, "1"])}, optional={"ready_at": _promised})


@st.composite
def stays(draw: st.DrawFn, most: int = 20) -> list[dict[str, Any]]:
    """Lists of events that carry what the programme `STAYS` asks for."""
    found = draw(histories(most))
    for event in found:
        data = event["data"]
        if "action" in data:
            data["action"] = draw(st.sampled_from(["booked", "room-ready", "left", "chatted", "called-back"]))
        else:
            data |= _given({"house": draw(st.sampled_from([None, None, "berlin", "bonn"]))})
            data |= _given({"complete": draw(st.sampled_from([None, None, True, False]))})
            data |= _given({"touchpoint": draw(st.sampled_from([None, None, "room"]))})
        data |= _given({"booking": draw(st.one_of(st.none(), _booking))})
    return found


def _given(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}
