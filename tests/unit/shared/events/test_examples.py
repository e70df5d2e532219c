"""The golden examples are read as their names say, and are never edited."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from shared.events.event import Event
from shared.events.explain import explain
from shared.events.model import DATA_OF, Feedback, Interaction, Outcome, Profile
from shared.events.promised import promised_instant
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Refused
from shared.metrics.scales import SCALES
from tests.unit.shared.events.examples import FOLDER, Refusal, accepted, refused

RELEASED = FOLDER.parents[2] / "tests" / "golden" / "events.sha256"


@pytest.mark.parametrize(("name", "raw"), accepted().items(), ids=accepted())
def test_an_example_is_read_and_its_bytes_are_kept(name: str, raw: bytes) -> None:
    event = read(raw, not_after=datetime(2026, 11, 24, 12, tzinfo=UTC) + LATEST_AHEAD)
    assert event.raw is raw
    assert type(event.data) is DATA_OF[event.type]
    assert event.id == (name if name != "longest-names" else "i" * 1024)


@pytest.mark.parametrize("refusal", refused().values(), ids=refused())
def test_a_refused_one_is_refused_with_every_fault_and_its_path(refusal: Refusal) -> None:
    not_after = refusal.received_at and refusal.received_at + LATEST_AHEAD
    with pytest.raises(Refused) as caught:
        read(refusal.raw(), not_after=not_after)
    assert caught.value.malformed is refusal.malformed
    found, wanted = caught.value.problems, refusal.problems
    assert [problem.path for problem in found] == [problem.path for problem in wanted]
    if refusal.malformed:  # the decoder's words about broken JSON are not ours to promise
        assert all(problem.message for problem in found)
    else:
        assert found == wanted


@pytest.mark.parametrize(
    "refusal",
    [r for r in refused().values() if not r.malformed],
    ids=[n for n, r in refused().items() if not r.malformed],
)
def test_what_the_reader_refuses_is_explained_whole_by_the_slow_way_too(refusal: Refusal) -> None:
    not_after = refusal.received_at and refusal.received_at + LATEST_AHEAD
    explained = explain(refusal.raw(), not_after=not_after)
    assert sorted((p.path, p.message) for p in explained) == sorted((p.path, p.message) for p in refusal.problems)


def test_released_examples_are_never_edited_and_new_ones_are_listed() -> None:
    listed = {name: digest for digest, name in (line.split("  ") for line in RELEASED.read_text().splitlines())}
    present = {
        path.relative_to(FOLDER).as_posix(): sha256(path.read_bytes()).hexdigest() for path in FOLDER.rglob("*.json")
    }
    edited = [name for name, digest in listed.items() if present.get(name) != digest]
    assert not edited, "a released example is never edited nor removed: put it back and add another one"
    unlisted = sorted(present.keys() - listed.keys())
    assert not unlisted, (
        f"in shared/events/examples: sha256sum {' '.join(unlisted)} >> ../../../tests/golden/events.sha256"
    )


def test_every_refusal_has_an_accepted_counterpart_of_its_type() -> None:
    types = {read(raw).type for raw in accepted().values()}
    assert types == set(DATA_OF)


def interaction(event: Event) -> Interaction:
    assert isinstance(event.data, Interaction)
    return event.data


def feedback(event: Event) -> Feedback:
    assert isinstance(event.data, Feedback)
    return event.data


def outcome(event: Event) -> Outcome:
    assert isinstance(event.data, Outcome)
    return event.data


def profile(event: Event) -> Profile:
    assert isinstance(event.data, Profile)
    return event.data


USUAL = {scale.metric: scale for scale in SCALES.values() if scale.usual}
AT_EIGHT_FIFTEEN = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)

ODD: dict[str, Callable[[Event], bool]] = {
    "subject-bare": lambda e: (e.customer, e.key) == ("customer:0042", "0042"),
    "subject-with-several-colons": lambda e: e.customer == "urn:nordwind:customer:42",
    "least-that-an-event-needs": lambda e: (e.customer, e.key, e.time) == (None, e.id, None),
    "time-missing": lambda e: e.time is None,
    "time-null": lambda e: e.time is None and e.customer is None,
    "time-before-1970": lambda e: e.time == datetime(1968, 5, 2, 10, tzinfo=UTC),
    "time-in-nanoseconds": lambda e: e.time == AT_EIGHT_FIFTEEN.replace(microsecond=123457),
    "time-in-small-letters": lambda e: e.time == AT_EIGHT_FIFTEEN,
    "traceparent": lambda e: (e.traceparent or "").startswith("00-0af7"),
    "unknown-fields": lambda e: interaction(e).action == "placed" and b'"gift": true' in e.raw,
    "unknown-number-beyond-doubles": lambda e: interaction(e).action == "measured",
    "name-twice-last-one-stands": lambda e: interaction(e).action == "placed",
    "unicode": lambda e: e.customer == "email:zoë@example.com" and "👩‍👩‍👧‍👦" in (feedback(e).comment or ""),
    "unicode-escaped": lambda e: feedback(e).comment == "Café 😀 \u2028\x01",
    "backslash-before-u0000": lambda e: "\\u0000" in (feedback(e).comment or ""),
    "longest-names": lambda e: len(feedback(e).instance or "") == 255 and len(e.source) == 1024,
    "effort-and-result": lambda e: (interaction(e).effort, interaction(e).result) == (7, "abandoned"),
    "durations": lambda e: interaction(e).wait_seconds == 0,
    "promise-with-a-bare-date": lambda e: due(e) == datetime(2026, 11, 27, 23, 59, 59, 999999, tzinfo=UTC),
    "promise-with-an-offset": lambda e: due(e) == datetime(2026, 11, 24, 16, tzinfo=UTC),
    "promise-on-29-february": lambda e: due(e) == datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
    "perspective-of-an-employee": lambda e: interaction(e).perspective == "employee",
    "perspective-of-a-partner": lambda e: feedback(e).perspective == "partner",
    "feedback-without-subject": lambda e: e.customer is None and e.key == e.id,
    "feedback-of-a-comment-only": lambda e: feedback(e).answers == (),
    "feedback-two-answers-to-one-metric": lambda e: [a.metric for a in feedback(e).answers] == ["csat", "csat"],
    "feedback-experienced-earlier": lambda e: feedback(e).experienced_at == datetime(2026, 11, 20, 13, 2, tzinfo=UTC),
    "feedback-on-every-usual-scale": lambda e: ends(e) == {metric: scale.high for metric, scale in USUAL.items()},
    "feedback-at-the-low-end-of-every-usual-scale": lambda e: (
        ends(e) == {metric: scale.low for metric, scale in USUAL.items()}
    ),
    "feedback-on-every-other-scale": lambda e: (
        {(a.metric, a.scale) for a in feedback(e).answers}
        == {ends for ends, scale in SCALES.items() if not scale.usual}
    ),
    "feedback-whole-score-with-a-point": lambda e: feedback(e).answers[0].score == 8,
    "feedback-custom-metric-of-real-numbers": lambda e: feedback(e).answers[0].score == 7.25,
    "feedback-custom-metric-without-scale": lambda e: feedback(e).answers[0].scale is None,
    "outcome-of-a-custom-kind": lambda e: outcome(e).kind == "upgraded-to-plus",
    "outcome-with-a-negative-amount": lambda e: outcome(e).amount == -89.9,
    "profile-identifiers-and-consent": lambda e: profile(e).identifiers == ("email:ana@example.com", "device:9f2c"),
    "profile-deleted": lambda e: profile(e).deleted is True,
}


def due(event: Event) -> datetime | None:
    return promised_instant(interaction(event).promised_at or "")


def ends(event: Event) -> dict[str, float]:
    return {answer.metric: answer.score for answer in feedback(event).answers}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_about_it_is_understood(name: str) -> None:
    assert ODD[name](read(accepted()[name]))


def test_the_parts_of_one_response_share_it() -> None:
    score, comment = (feedback(read(accepted()[f"feedback-part-with-the-{part}"])) for part in ("score", "comment"))
    assert score.response == comment.response is not None
    assert (score.comment, comment.answers) == (None, ())
