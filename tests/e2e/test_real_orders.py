"""Real orders, sent as if they had ended now: the moment that went wrong is red, and its owner is told once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import real_orders
from tests.e2e.stack import Stack, stack

CHANNEL, MAILBOX = "#delivery", "delivery@example.com"
UNTIL_MAY = 373
"""Lines of the file up to 5 May 2017, 14:56: 52 promises in four weeks, of which 43 were kept, and 27 answers."""


@pytest.fixture
def orders() -> Path:
    return real_orders.folder()


@pytest.fixture
def fresh(orders: Path, tmp_path: Path) -> Iterator[Stack]:
    """The programme as it stands."""
    with stack(tmp_path / "home", orders / "programme") as found:
        yield found


@pytest.fixture
def quick(orders: Path, tmp_path: Path) -> Iterator[Stack]:
    """The same, decided every two seconds: nobody waits a day for a test."""
    folder = tmp_path / "programme"
    for path in (path for path in (orders / "programme").rglob("*") if path.is_file()):
        text = path.read_text().replace("window: 28d,", "window: 28d, tick: 2s,")
        text += "settle: 2s\n" if path.name == "programme.yaml" else ""
        target = folder / path.relative_to(orders / "programme")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    with stack(tmp_path / "home", folder) as found:
        yield found


def test_the_whole_of_it_is_red_and_told_once_in_slack_and_once_by_mail(orders: Path, fresh: Stack) -> None:
    fresh.voc.said("send", orders / "events-2017.ndjson", "--rebase", "now")
    fresh.until(lambda: len(fresh.messages(CHANNEL, MAILBOX)) == 2, within=150)

    told = fresh.settled_messages(CHANNEL, MAILBOX)
    assert sorted((one.kind, one.to) for one in told) == [("email", MAILBOX), ("slack", CHANNEL)]
    assert all("The parcel arrives is red" in one.text for one in told)
    moment = fresh.moment()
    assert moment["status"] == "red"
    measures = {one["metric"]: one for one in moment["measures"]}
    assert {metric: one["status"] for metric, one in measures.items()} == {"csat": "red", "promise_kept": "red"}
    assert {one["initial"] for one in measures.values()} == {True}
    assert measures["csat"]["n"] == pytest.approx(426, abs=3), "a window begins at a whole quarter-hour"
    assert measures["csat"]["value"] == pytest.approx(49.8, abs=0.5)
    assert measures["promise_kept"]["n"] == pytest.approx(372, abs=3)
    assert measures["promise_kept"]["value"] == pytest.approx(76.6, abs=0.5)
    (episode,) = fresh.episodes()
    assert (episode["touchpoint"], episode["initial"], episode["closed_at"]) == ("parcel-arrives", True, None)


def test_no_red_without_evidence_and_red_when_it_is_there(orders: Path, quick: Stack, tmp_path: Path) -> None:
    lines = (orders / "events-2017.ndjson").read_text().splitlines(keepends=True)
    begin, rest = tmp_path / "begin.ndjson", tmp_path / "rest.ndjson"
    begin.write_text("".join(lines[:UNTIL_MAY]))
    rest.write_text("".join(lines[UNTIL_MAY:]))

    quick.voc.said("send", begin, "--rebase", "now")
    quick.until(lambda: quick.measure("promise_kept")["status"] != "unknown", within=120)
    kept = quick.measure("promise_kept")
    assert (kept["n"], round(kept["value"], 1)) == (52, 82.7)
    assert kept["value"] < kept["red_below"], "by the figure alone it would be red"
    assert kept["status"] == "yellow"
    assert quick.moment()["status"] == "yellow"
    assert quick.settled_messages(CHANNEL, MAILBOX) == []

    quick.voc.said("send", rest, "--rebase", "now")
    quick.until(lambda: {one.to for one in quick.messages(CHANNEL, MAILBOX)} == {CHANNEL, MAILBOX}, within=120)
    assert quick.moment()["status"] == "red"
    assert len(quick.episodes()) == 1
