"""Differences are told in the words of the files."""

from pathlib import Path

import pytest

from shared.programme.diff import Change, differences
from shared.programme.load import load
from shared.programme.model import Programme
from tests.unit.shared.programme.folder import FILES, broken, write

MAP = "journeys/delivery.yaml"
DOOR = ("journey delivery", "stage door", "touchpoint handed-over")
MEASURES = (*DOOR, "moment_of_truth")


@pytest.fixture
def right(tmp_path: Path) -> Programme:
    return load(write(tmp_path / "right", FILES))


def test_no_difference(right: Programme) -> None:
    assert differences(right, right) == ()


@pytest.mark.parametrize(
    ("file", "before", "after", "expected"),
    [
        (
            MAP,
            "red_below: 55",
            "red_below: 50.5",
            Change("changed", (*MEASURES, "measure csat", "red_below"), "55", "50.5"),
        ),
        (
            MAP,
            "window: 24h",
            "window: 36h",
            Change("changed", (*MEASURES, "measure promise_kept", "window"), "1d", "36h"),
        ),
        (MAP, "says: By noon", "says: By one", Change("changed", (*DOOR, "promise", "says"), "By noon", "By one")),
        (MAP, ", bicycle", "", Change("changed", (*DOOR, "channels"), "van, bicycle", "van")),
        (
            MAP,
            "[handed-over, left-at-door]",
            "handed-over",
            Change(
                "changed",
                (*DOOR, "match"),
                "type is voc.interaction, action is handed-over or left-at-door",
                "type is voc.interaction, action is handed-over",
            ),
        ),
        (MAP, "role: kitchen", "role: cook", Change("removed", (*DOOR, "person kitchen"))),
        (MAP, "role: kitchen", "role: cook", Change("added", (*DOOR, "person cook"))),
        (
            MAP,
            "            - {metric: wait_seconds, stat: p90, window: 15m, red_above: 600, yellow_above: 300}\n",
            "",
            Change(
                "removed",
                (*MEASURES, "measure wait_seconds p90"),
                "window 15m, red_above 600, yellow_above 300, at_least 30",
            ),
        ),
        ("owners.yaml", '"08:00-18:00"', '"08:00-12:00"', Change("changed", ("owner van", "hours"), "…", "…")),
        (
            "owners.yaml",
            "2 business hours",
            "30m",
            Change(
                "changed",
                ("owner van", "escalate"),
                "owner-in-chief after 2 business hours",
                "owner-in-chief after 30m",
            ),
        ),
        ("owners.yaml", "    holidays: [2026-12-25]\n", "", Change("removed", ("owner van", "holidays"), "2026-12-25")),
        (
            "programme.yaml",
            "nps: 1 in 90d",
            "nps: 2 in 90d",
            Change("changed", ("governance", "surveys", "per_metric", "nps"), "1 in 90d", "2 in 90d"),
        ),
        (
            "programme.yaml",
            "csat <= 1",
            "csat < 2",
            Change("changed", ("case furious", "when"), "csat <= 1", "csat < 2"),
        ),
        ("programme.yaml", "admin: owner-in-chief\n", "", Change("removed", ("admin",), "owner-in-chief")),
        (
            "personas.yaml",
            "at_least: 0.6, weight: 2",
            "from: 0.2, to: 0.6",
            Change("changed", ("persona early", "signals"), "…", "…"),
        ),
        (
            "personas.yaml",
            "ring], avoid",
            "ring, knock], avoid",
            Change("changed", ("persona early", "treatment", "do"), "ring", "ring, knock"),
        ),
        (
            "sources.yaml",
            "env:CRM_SECRET",
            "env:OTHER",
            Change("changed", ("source crm", "secret"), "env:CRM_SECRET", "env:OTHER"),
        ),
        (
            "crm.jmespath",
            "id: id",
            "id: number",
            Change("changed", ("source crm", "mapping"), "{id: id}", "{id: number}"),
        ),
    ],
)
def test_one_difference(file: str, before: str, after: str, expected: Change, right: Programme, tmp_path: Path) -> None:
    changes = differences(right, load(write(tmp_path / "other", broken(file, before, after))))
    found = [change for change in changes if (change.kind, change.where) == (expected.kind, expected.where)]
    assert len(found) == 1, changes
    if expected.before != "…":
        assert found == [expected]
    assert found[0].before != found[0].after or found[0].before == ""


def test_the_order_of_a_map_is_a_difference(right: Programme, tmp_path: Path) -> None:
    first, second = FILES[MAP].split("  - stage: order\n")[1].split("  - stage: door\n")
    head = FILES[MAP].split("  - stage: order\n")[0]
    other = load(write(tmp_path, FILES | {MAP: f"{head}  - stage: door\n{second}  - stage: order\n{first}"}))
    assert differences(right, other) == (
        Change(
            "changed", ("journey delivery", "order of stages"), "stage order, stage door", "stage door, stage order"
        ),
    )


def test_the_first_programme_is_all_new(right: Programme) -> None:
    changes = differences(None, right)
    assert {change.kind for change in changes} == {"added"}
    assert (*MEASURES[:3], "measure csat") in [change.where for change in changes]
    assert ("owner van",) in [change.where for change in changes]
