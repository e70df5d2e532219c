"""What leaves the door where the programme protects personal data, and that nothing else of an event changes."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.not_now import NotNow
from services.ingest.domain.protection import LONGEST, Closed, Policy
from services.ingest.domain.redaction.text import Redactor
from services.ingest.domain.rejection import in_parts, rejection
from shared.events.pseudonym import Pseudonyms
from shared.events.read import read
from shared.events.refusal import Problem, Refused
from shared.programme.model import Pattern, Privacy
from shared.programme.privacy import KINDS

PSEUDONYMS = Pseudonyms(["email", "phone"], "k" * 32, region="DE")
PRIVACY = Privacy(region="DE", patterns=(Pattern(name="A_RATHER_LONG_NAME_FOR_ONE_LETTER", matches="§"),))
POLICY = Policy(redact=Redactor(KINDS, PRIVACY), texts=["attributes.note", "remarks"], pseudonyms=PSEUDONYMS)
ANA = PSEUDONYMS.of("email:ana@example.com")


def event(kind: str, data: dict[str, Any], **fields: Any) -> dict[str, Any]:
    whole = {
        "specversion": "1.0",
        "id": "1",
        "source": "urn:shop",
        "type": f"voc.{kind}",
        "subject": "crm:1",
        "data": data,
    }
    return whole | fields


def protected(one: dict[str, Any] | bytes) -> tuple[str, dict[str, Any]]:
    raw = one if isinstance(one, bytes) else msgspec.json.encode(one)
    key, value = POLICY.of_event(raw, read(raw))
    assert read(value).key == key
    assert POLICY.of_event(value, read(value)) == (key, value), "twice is once"
    return key, msgspec.json.decode(value)


def test_texts_of_the_contract_are_redacted() -> None:
    answers = [{"metric": "nps", "score": 9, "question": "Hello ana@example.com, how was it?"}]
    _, feedback = protected(event("feedback", {"comment": "030 1234567", "answers": answers}))
    assert feedback["data"]["comment"] == "[PHONE]"
    assert feedback["data"]["answers"][0] == {"metric": "nps", "score": 9, "question": "Hello [EMAIL], how was it?"}
    _, outcome = protected(event("outcome", {"kind": "churned", "reason": "said ana@example.com", "amount": 1.50}))
    assert outcome["data"] == {"kind": "churned", "reason": "said [EMAIL]", "amount": 1.5}


def test_answers_to_questions_that_nobody_configured_are_redacted() -> None:
    unmapped = [
        {"question": "colour", "value": "blue, mail a@b.de"},
        {"question": "where", "value": ["030 1234567", 4]},
    ]
    _, feedback = protected(event("feedback", {"unmapped": unmapped}))
    assert [one["value"] for one in feedback["data"]["unmapped"]] == ["blue, mail [EMAIL]", ["[PHONE]", 4]]


def test_texts_of_the_programme_are_redacted_and_others_stay() -> None:
    data = {
        "attributes": {"note": ["a@b.de", {"x": "a@b.de"}], "mail": "a@b.de"},
        "remarks": "a@b.de",
        "remark": "a@b.de",
    }
    _, found = protected(event("interaction", data))
    assert found["data"] == {
        "attributes": {"note": ["[EMAIL]", {"x": "[EMAIL]"}], "mail": "a@b.de"},
        "remarks": "[EMAIL]",
        "remark": "a@b.de",
    }


def test_subject_key_and_identifiers_become_one_pseudonym() -> None:
    data = {"identifiers": ["email:ANA@example.com", "crm:1", "phone:030 1234567"]}
    key, profile = protected(event("profile", data, subject="email:Ana@example.com"))
    assert key == profile["subject"] == ANA
    assert profile["data"]["identifiers"] == [ANA, "crm:1", PSEUDONYMS.of("phone:+49301234567")]


def test_what_it_does_not_concern_goes_on_byte_for_byte() -> None:
    raw = (
        b' {"specversion":"1.0", "id":"1","source":"x","type":"voc.outcome","subject":"crm:1","data":{"kind" : "a"} } '
    )
    assert POLICY.of_event(raw, read(raw)) == ("crm:1", raw)


def test_what_it_concerns_keeps_every_number_and_unknown_field() -> None:
    raw = (
        b'{"specversion":"1.0","id":"1","source":"urn:shop","type":"voc.feedback","big":12345678901234567890123,'
        b'"data":{"comment":"a@b.de","cents":1.10,"huge":1e999,"nested":{"a":[1.0,{"b":-0.0}]}}}'
    )
    assert POLICY.of_event(raw, read(raw))[1] == raw.replace(b"a@b.de", b"[EMAIL]")


@pytest.mark.parametrize(
    "data",
    [
        b'"data":{"comment":"ana@example.com"},"data":{"comment":null}',
        b'"data":{"comment":"ana@example.com","comment":null}',
        b'"data":{"c\\u006fmment":"ana@example.com"}',
        b'"subject":"email:ana@example.com","subject":"crm:1","data":{}',
        b'"subject":"email:ana@example.com","subject":null,"data":{}',
        b'"subj\\u0065ct":"email:ana@example.com","data":{}',
        b'"data":{"comment":"ana\\u0040example.com"}',
    ],
)
def test_nothing_slips_through_in_a_name_that_stands_twice_or_in_escapes(data: bytes) -> None:
    raw = b'{"specversion":"1.0","id":"1","source":"urn:shop","type":"voc.feedback",%b}' % data
    _, value = POLICY.of_event(raw, read(raw))
    assert b"example.com" not in value
    assert b"ana" not in value


def test_labels_that_make_an_event_too_long_are_refused() -> None:
    raw = msgspec.json.encode(event("feedback", {"comment": "§" * 100_000}))
    assert len(raw) < LONGEST
    with pytest.raises(Refused, match="bytes with what is redacted"):
        POLICY.of_event(raw, read(raw))


def test_what_was_refused_is_protected_in_the_places_of_an_event() -> None:
    wrong = event(
        "feedback",
        {"comment": "a@b.de", "answers": [{"question": "a@b.de", "score": "x"}]},
        subject="email:ana@example.com",
    )
    fault = Refused([Problem("type", "expected one of …; found 'a@b.de'")])
    kept = POLICY.of_rejection(rejection(msgspec.json.encode(wrong), fault))
    found = msgspec.json.decode(kept.raw)
    assert (found["subject"], found["data"]["comment"]) == (ANA, "[EMAIL]")
    assert found["data"]["answers"] == [{"question": "[EMAIL]", "score": "x"}]
    assert kept.reason == "type: expected one of …; found '[EMAIL]'"


def test_a_batch_that_came_as_one_event_is_protected_item_by_item() -> None:
    raw = msgspec.json.encode([event("feedback", {"comment": "a@b.de"}), 7])
    kept = POLICY.of_rejection(rejection(raw, Refused([Problem("", "expected an object")])))
    assert msgspec.json.decode(kept.raw)[0]["data"]["comment"] == "[EMAIL]"


def test_a_request_in_parts_has_its_subject_in_a_header() -> None:
    headers = {"ce-subject": b"email%3Aana@example.com", "ce-id": b"1"}
    body = b'{"comment":"a@b.de"}'
    kept = POLICY.of_rejection(in_parts(body, Refused([Problem("ce-x!", "?")]), headers, b"application/json"))
    assert kept.attributes == {"ce-subject": ANA.encode(), "ce-id": b"1"}
    assert kept.raw == b'{"comment":"[EMAIL]"}'


@pytest.mark.parametrize("raw", [b"", b"{", b"ana@example.com", b'{"data":\xff}', b"[" * 60])
def test_what_is_no_json_stays_as_it_came(raw: bytes) -> None:
    assert POLICY.of_rejection(rejection(raw, Refused([Problem("", "?")], malformed=True))).raw == raw


def test_what_is_refused_for_its_length_is_kept_without_the_text() -> None:
    long = msgspec.json.encode(event("feedback", {"comment": "a@b.de " * 10_000, "x": "y" * 70_000}))
    kept = POLICY.of_rejection(rejection(long, Refused([Problem("data.comment", "too long")])))
    assert msgspec.json.decode(kept.raw)["data"] == {"comment": "[TOO LONG]", "x": "y" * 70_000}


@pytest.mark.parametrize("deep", [63, 64, 65, 340, 900, 5_000, 100_000])
@pytest.mark.parametrize(("begin", "end"), [(b"[", b"]"), (b'{"x":', b"}")])
def test_nothing_slips_through_by_being_nested(deep: int, begin: bytes, end: bytes) -> None:
    raw = b'{"data":{"comment":' + begin * deep + b'"a@b.de"' + end * deep + b"}}"
    kept = POLICY.of_rejection(rejection(raw, Refused([Problem("", "?")])))
    assert b"a@b.de" not in kept.raw
    beside = b'{"x":' + begin * deep + end.replace(b"}", b"1}") + end * (deep - 1) + b',"data":{"comment":"a@b.de"}}'
    assert b"a@b.de" not in POLICY.of_rejection(rejection(beside, Refused([Problem("", "?")]))).raw


@given(
    st.recursive(
        st.text() | st.none() | st.integers(),
        lambda inner: (
            st.dictionaries(st.sampled_from(["data", "subject", "comment", "answers", "identifiers"]), inner)
            | st.lists(inner)
        ),
    )
)
def test_whatever_was_refused_something_is_kept(document: object) -> None:
    kept = POLICY.of_rejection(rejection(msgspec.json.encode(document), Refused([Problem("", "?")])))
    msgspec.json.decode(kept.raw)


def test_closed_lets_nothing_in_and_keeps_nothing() -> None:
    raw = msgspec.json.encode(event("interaction", {}))
    with pytest.raises(NotNow, match="cannot be done just now"):
        Closed("no-privacy").of_event(raw, read(raw))
    with pytest.raises(NotNow):
        Closed("no-privacy").of_rejection(rejection(raw, Refused([Problem("", "?")])))
