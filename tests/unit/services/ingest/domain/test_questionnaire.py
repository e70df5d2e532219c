"""Answers that are more than a word or a number."""

from typing import Any

import pytest

from services.ingest.domain.provider import Sheet
from services.ingest.domain.questionnaire import Questionnaire, score_of
from shared.programme.jmes import NotApplicable
from shared.programme.source import Question, Source

SHEET = Sheet(id="'i'", response="'r'", time="`null`", answers="[{question: 'q', value: value}]")
SOURCE = Source(source="s", provider="p", questions={"q": Question(comment=True)})


def comment(value: Any) -> Any:
    return Questionnaire(SHEET, SOURCE).event({"value": value}).event["data"]["comment"]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (["Speed", "Staff"], "Speed, Staff"),
        ({"first": "Ana", "last": ""}, "first: Ana"),
        ({"Delivery": "good", "Shop": ["far", "dear"]}, "Delivery: good, Shop: far, dear"),
        (0, "0"),
        (False, "False"),
    ],
)
def test_an_answer_in_parts_becomes_words(value: Any, says: str) -> None:
    assert comment(value) == says


@pytest.mark.parametrize("value", [None, "", [], {}, [""], [None, []], {"month": "", "day": "", "year": None}])
def test_what_nobody_filled_in_is_no_answer(value: Any) -> None:
    filled = Questionnaire(SHEET, SOURCE).event({"value": value})
    assert filled.event["data"]["comment"] is None
    unknown = Questionnaire(SHEET, Source(source="s", provider="p")).event({"value": value})
    assert (unknown.unknown, unknown.event["data"]["unmapped"]) == ([], None)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), "Infinity", "1e999", 10**400])
def test_what_is_beyond_all_numbers_is_no_score(value: Any) -> None:
    assert score_of(Question(metric="nps"), value) is None
    assert score_of(Question(metric="nps", values={"inf": 3.0}), float("inf")) == 3


@pytest.mark.parametrize(("value", "found"), [({"a": 1}, "object"), (["Ana"], "array"), (True, "boolean")])
def test_what_is_neither_text_nor_number_names_nobody(value: Any, found: str) -> None:
    of_somebody = Questionnaire(SHEET, Source(source="s", provider="p", subject="who"))
    with pytest.raises(NotApplicable, match=f"subject: expected a text or a number, found {found}$"):
        of_somebody.event({"who": value})
    assert of_somebody.event({"who": 7}).event["subject"] == "7"
