"""How figures, journeys and customers are drawn."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console, RenderableType

from cli.story import figure
from cli.story.customer import customer
from cli.story.journey import journey, weeks


def drawn(what: RenderableType, **options: Any) -> str:
    paper = StringIO()
    Console(**{"width": 100, "file": paper, **options}).print(what)
    return paper.getvalue()


def measure(metric: str = "promise_kept", **fields: Any) -> dict[str, Any]:
    found = {"metric": metric, "stat": None, "value": 76.61, "low": 72.0, "high": 80.66, "n": 1372, "window": "7d"}
    return {**found, "red_below": 85, "yellow_below": 92, **fields}


@pytest.mark.parametrize(
    ("metric", "number", "written"),
    [
        ("csat", 76.61, "76.6 %"),
        ("nps", 33.6, "+34"),
        ("nps", -7.2, "−7"),
        ("wait_seconds", 366.4, "366 s"),
        ("trust", 3.27, "3.3"),
        ("csat", None, "–"),
    ],
)
def test_a_value_has_its_unit(metric: str, number: float | None, written: str) -> None:
    assert figure.value(metric, number) == written


def test_an_interval_says_its_unit_once() -> None:
    assert figure.interval("csat", 72.0, 80.66) == "72.0 to 80.7"
    assert figure.interval("nps", -3.4, 12.0) == "−3 to +12"
    assert figure.interval("wait_seconds", None, None) == ""


def test_a_percentile_belongs_to_the_name() -> None:
    assert figure.name(measure("wait_seconds", stat="p90")) == "wait_seconds p90"
    assert figure.name(measure("csat", stat="share")) == "csat"


def test_a_journey_names_every_touchpoint_and_every_figure() -> None:
    moment = {"name": "The parcel arrives", "status": "unknown", "measures": [measure(), measure("csat", value=None)]}
    plain = {"name": "The product page", "status": "unknown", "measures": []}
    stages = [{"stage": "choose", "touchpoints": [plain]}, {"stage": "receive", "touchpoints": [moment]}]
    text = drawn(journey({"name": "From order to door", "stages": stages}))
    for said in ("From order to door", "choose", "The product page", "The parcel arrives", "76.6 %", "csat  "):
        assert text.count(said) == 1


def test_a_narrow_terminal_cuts_no_figure() -> None:
    slow = measure("duration_seconds", stat="p50", value=161.2, low=154.6, high=171.3, n=12_345, window="14d")
    moment = {"name": "The returns desk in the store", "status": "unknown", "measures": [slow]}
    page = {"name": "From order to door", "stages": [{"stage": "receive", "touchpoints": [moment]}]}
    text = drawn(journey(page), width=80)
    assert "…" not in text
    for said in ("duration_seconds p50", "161 s", "155 to 171", "12,345", "14d"):
        assert said in text


def test_weeks_are_bars_coloured_by_the_programme() -> None:
    points = [
        {"from": f"2026-11-0{n}T00:00:00Z", "value": value, "low": None, "high": None, "n": 10}
        for n, value in ((2, 100.0), (3, 90.0), (4, 50.0), (5, 0.0))
    ]
    text = drawn(weeks(measure(), points))
    assert [line.count("█") for line in text.splitlines()] == [24, 22, 12, 0]
    assert "week of 2026-11-02" in text
    coloured = drawn(weeks(measure(), points), color_system="standard", force_terminal=True)
    assert [colour in coloured for colour in ("\x1b[32m█", "\x1b[33m█", "\x1b[31m█")] == [True] * 3


def test_a_customer_is_persona_promises_and_timeline() -> None:
    promise = {
        "says": "On the day",
        "touchpoint": "parcel-arrives",
        "instance": "N-1",
        "due_at": "2026-11-21T22:59:59Z",
    }
    item = {"time": "2026-11-25T00:51:03Z", "summary": "Said “[b]late[/b]”.", "touchpoint": None}
    page = {
        "subject": "crm:1",
        "identifiers": ["crm:1", "email:a@mail.example"],
        "persona": "planner",
        "since": "2026-10-28T06:47:00Z",
        "confidence": 0.8,
        "reasons": [
            {"feature": "share_of_channel.web", "value": 0.6667, "weight": 1, "contribution": 0.25},
            {"feature": "attribute.tier", "value": None, "weight": 3, "contribution": 0},
        ],
        "treatment": {"strategy": "Say early", "do": ["call"], "avoid": []},
        "promises": [{**promise, "state": "missed", "decided_at": "2026-11-21T22:59:59Z"}],
        "timeline": {"items": [item], "next": None},
    }
    text = drawn(customer(page))
    assert "crm:1 also email:a@mail.example" in text
    assert "persona planner since 2026-10-28 06:47, 80% sure" in text
    assert "share_of_channel.web is 0.67 weight 1, adds 0.25" in text
    assert "attribute.tier is not known" in text
    assert "treatment: Say early" in text
    assert "do: call" in text
    assert "avoid" not in text
    assert "On the day N-1: due 2026-11-21 22:59, missed" in text
    assert "2026-11-25 00:51  Said “[b]late[/b]”" in text, "what customers write is never markup"
    assert "treatment" not in drawn(customer({**page, "treatment": None}))
    unsure = drawn(customer({**page, "treatment": None, "treatment_skipped": True}))
    assert "treatment: left out, it needs more confidence than 80%" in unsure
