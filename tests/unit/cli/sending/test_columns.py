"""What columns of CSV mean."""

from typing import Any

import pytest

from cli.sending.columns import UnknownColumn, event_of, guessed, putters


def read(**cells: str) -> dict[str, Any]:
    """One row, its columns named with `__` for a dot."""
    names = [name.replace("__", ".") for name in cells]
    return event_of(list(cells.values()), putters(names), {})


def test_attributes_and_fields_of_data_find_their_places() -> None:
    event = read(id="7", type="voc.interaction", subject="crm:7", action="placed", data__channel="web")
    assert event == {
        "specversion": "1.0",
        "id": "7",
        "type": "voc.interaction",
        "subject": "crm:7",
        "data": {"action": "placed", "channel": "web"},
    }


def test_an_empty_cell_is_a_field_that_is_not_there() -> None:
    assert read(id="7", time="", comment="", answers__nps="", attributes__city="") == {
        "specversion": "1.0",
        "id": "7",
        "data": {},
    }


def test_fields_that_count_take_numbers_and_names_never_do() -> None:
    data = read(amount="12.50", wait_seconds="3", complete="false", instance="0042", action="7", survey="true")["data"]
    assert data == {
        "amount": 12.5,
        "wait_seconds": 3,
        "complete": False,
        "instance": "0042",
        "action": "7",
        "survey": "true",
    }


def test_what_is_no_number_stays_for_the_door_to_refuse() -> None:
    assert read(amount="12,50", effort="many")["data"] == {"amount": "12,50", "effort": "many"}


def test_answers_by_metric() -> None:
    event = read(answers__nps="9", answers__csat="4", answers__csat__scale="1-7", answers__csat__question="How was it?")
    assert event["data"]["answers"] == [
        {"metric": "nps", "score": 9},
        {"metric": "csat", "score": 4, "scale": [1, 7], "question": "How was it?"},
    ]


@pytest.mark.parametrize(
    ("text", "scale"), [("-2..2", [-2, 2]), ("0 – 10", [0, 10]), ("1:5", [1, 5]), ("-1--3", [-1, -3]), ("five", "five")]
)
def test_a_scale(text: str, scale: object) -> None:
    assert read(answers__x="1", answers__x__scale=text)["data"]["answers"][0]["scale"] == scale


def test_open_fields_and_lists() -> None:
    data = read(
        attributes__city="Kiel",
        attributes__orders__open="3",
        consent__surveys="true",
        identifiers="email:a@mail.example crm:7",
        data__own="07",
    )["data"]
    assert data == {
        "attributes": {"city": "Kiel", "orders": {"open": 3}},
        "consent": {"surveys": True},
        "identifiers": ["email:a@mail.example", "crm:7"],
        "own": "07",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("0", 0),
        ("-3", -3),
        ("0.50", 0.5),
        ("0042", "0042"),
        ("1e5", "1e5"),
        ("+1", "+1"),
        ("9" * 5000, "9" * 5000),
        ("9" * 400 + ".0", "9" * 400 + ".0"),
        ("TRUE", "TRUE"),
    ],
)
def test_guessed(text: str, value: object) -> None:
    found = guessed(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("name", ["custmer", "", "answers", "attributes", "data.a.b", "answers.nps.weight", "action.x"])
def test_a_column_unheard_of_is_named(name: str) -> None:
    with pytest.raises(UnknownColumn, match=name or "''"):
        putters(["id", name])


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["id", "subject", " id"], "'id' is there twice[.]"),
        (["action", "data.action"], "'action' is there twice, also as 'data.action'"),
        (["answers.nps", "answers.nps.score"], "'answers.nps' is there twice"),
        (["attributes.a.b", "attributes.a"], "'attributes.a.b' lies within 'attributes.a'"),
        (["attributes.a", "data.attributes.a.b.c"], "'data.attributes.a.b.c' lies within 'attributes.a'"),
    ],
)
def test_two_columns_for_one_place(header: list[str], said: str) -> None:
    with pytest.raises(UnknownColumn, match=said):
        putters(header)


def test_neighbours_are_in_nobodys_place() -> None:
    putters(
        ["type", "data.type", "attributes.a.b", "attributes.a.c", "attributes.ab", "answers.nps", "answers.nps.scale"]
    )
