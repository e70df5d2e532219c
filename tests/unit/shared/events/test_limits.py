"""Texts that are too long and things that are too many: refused where events come in, read wherever they are."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from shared.events.limits import MOST_ITEMS, MOST_TEXT, SHORT
from shared.events.read import read
from shared.events.refusal import Refused

LATER = datetime(2030, 1, 1, tzinfo=UTC)
LONG = "ä" * (MOST_TEXT + 1)
FITS = LONG[1:]


def event(named: str, **data: Any) -> bytes:
    whole = {"specversion": "1.0", "id": "1", "source": "s", "subject": "crm:1", "type": f"voc.{named}", "data": data}
    return msgspec.json.encode(whole)


def many(count: int) -> dict[str, int]:
    return {f"a{n}": n for n in range(count)}


def answers(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"metric": "nps", "score": 5, **more}] * count


@pytest.mark.parametrize(
    ("taken", "refused", "path", "found"),
    [
        (event("feedback", comment=FITS), event("feedback", comment=LONG), "data.comment", "65,537"),
        (
            event("feedback", answers=answers(1, question=FITS)),
            event("feedback", answers=answers(1, question=LONG)),
            "data.answers[0].question",
            "65,537",
        ),
        (
            event("outcome", kind="churned", reason=FITS),
            event("outcome", kind="churned", reason=LONG),
            "data.reason",
            "65,537",
        ),
        (
            event("profile", attributes={"note": FITS}),
            event("profile", attributes={"note": LONG}),
            "data.attributes.note",
            "65,537",
        ),
        (
            event("interaction", attributes={FITS: 1}),
            event("interaction", attributes={LONG: 1}),
            f"data.attributes.{'ä' * 80}",
            "65,537",
        ),
        (
            event("feedback", answers=answers(MOST_ITEMS)),
            event("feedback", answers=answers(MOST_ITEMS + 1)),
            "data.answers",
            "501",
        ),
        (
            event("interaction", attributes=many(MOST_ITEMS)),
            event("interaction", attributes=many(MOST_ITEMS + 1)),
            "data.attributes",
            "501",
        ),
        (
            event("profile", consent=many(MOST_ITEMS)),
            event("profile", consent=many(MOST_ITEMS + 1)),
            "data.consent",
            "501",
        ),
        (
            event("profile", identifiers=["a"] * MOST_ITEMS),
            event("profile", identifiers=["a"] * (MOST_ITEMS + 1)),
            "data.identifiers",
            "501",
        ),
    ],
    ids=["comment", "question", "reason", "attribute", "name", "answers", "attributes", "consent", "identifiers"],
)
def test_as_much_as_may_be_is_taken_and_one_more_is_not(taken: bytes, refused: bytes, path: str, found: str) -> None:
    read(taken, not_after=LATER)
    with pytest.raises(Refused) as fault:
        read(refused, not_after=LATER)
    (problem,) = fault.value.problems
    assert problem.path == path
    assert problem.message.endswith(f", found {found}")
    assert read(refused).raw == refused, "what is in a topic was taken, and is read"


def test_the_least_that_breaks_a_limit_is_looked_at() -> None:
    least = event("profile", identifiers=["a"] * (MOST_ITEMS + 1))
    assert len(least) > SHORT


def test_it_is_told_beside_other_faults() -> None:
    wrong = event("feedback", comment=LONG, answers=answers(1, scale=[0, 3]))
    with pytest.raises(Refused) as fault:
        read(wrong.replace(b'"id":"1"', b'"id":""'), not_after=LATER)
    assert {problem.path.partition("[")[0] for problem in fault.value.problems} == {
        "id",
        "data.comment",
        "data.answers",
    }


def test_fields_that_the_contract_does_not_know_are_as_long_as_they_like() -> None:
    read(event("interaction", of_our_own=LONG), not_after=LATER)
