"""Opening hours: weeks, midnights and gaps at noon."""

from pathlib import Path

import pytest

from shared.programme.load import load
from shared.programme.model import Opening
from tests.unit.shared.programme.folder import broken, write

MON, TUE, FRI, SAT, SUN = 0, 1, 4, 5, 6


def openings(folder: Path, hours: str) -> list[tuple[int, int, int]]:
    owner = load(write(folder, broken("owners.yaml", 'hours: {mon-fri: "08:00-18:00"}', f"hours: {hours}"))).owners[0]
    return [_plain(opening) for opening in owner.hours]


def _plain(opening: Opening) -> tuple[int, int, int]:
    return opening.weekday, opening.opens, opening.closes


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ('{sat: "08:00-12:00, 13:00-17:30"}', [(SAT, 480, 720), (SAT, 780, 1050)]),
        ('{"mon,fri": "00:00-24:00"}', [(MON, 0, 1440), (FRI, 0, 1440)]),
        ('{sat-mon: "10:00-11:00"}', [(MON, 600, 660), (SAT, 600, 660), (SUN, 600, 660)]),
        ('{mon: "22:00-06:00"}', [(MON, 1320, 1440), (TUE, 0, 360)]),
        ('{sun: "20:00-00:00"}', [(SUN, 1200, 1440)]),
        ('{SUN: "20:00 - 21:00"}', [(SUN, 1200, 1260)]),
    ],
)
def test_hours(hours: str, expected: list[tuple[int, int, int]], tmp_path: Path) -> None:
    assert openings(tmp_path, hours) == expected


def test_every_day_all_day(tmp_path: Path) -> None:
    assert openings(tmp_path, '{mon-sun: "00:00-24:00"}') == [(day, 0, 1440) for day in range(7)]
