"""It is clear what a command is about, or it says what to type."""

from datetime import UTC, datetime

import pytest

from cli.quarantine_chosen import NotChosen, chosen, instant


def test_the_three_ways() -> None:
    assert chosen([1, 2], every=False, source=None) == {"ids": [1, 2]}
    assert chosen([], every=False, source="", door="bridge", reason=None) == {
        "filter": {"source": "", "door": "bridge"}
    }
    assert chosen(None, every=True, source=None) == {"filter": {}}


@pytest.mark.parametrize(
    ("ids", "every", "source"), [(None, False, None), ([1], True, None), ([1], False, "crm"), (None, True, "crm")]
)
def test_none_of_them_or_two_at_once(ids: list[int] | None, every: bool, source: str | None) -> None:
    with pytest.raises(NotChosen, match="--all"):
        chosen(ids, every=every, source=source)


def test_a_time_is_an_instant_or_so_long_ago() -> None:
    assert instant(None) is None
    assert instant("2026-11-25T09:00+01:00") == "2026-11-25T08:00:00+00:00"
    before = instant("2h")
    assert before is not None
    assert 7190 < (datetime.now(UTC) - datetime.fromisoformat(before)).total_seconds() < 7260


def test_what_is_no_time() -> None:
    with pytest.raises(NotChosen, match="no time"):
        instant("yesterday")
