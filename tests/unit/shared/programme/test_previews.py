"""How many switches want approval."""

import pytest

from shared.programme.previews import NOTHING, Preview


@pytest.mark.parametrize(("switched", "wants"), [(0, False), (20, False), (21, True), (100, True)])
def test_more_than_a_fifth_wants_approval(switched: int, wants: bool) -> None:
    switches = {("planner", "regular"): switched // 2, ("planner", "newcomer"): switched - switched // 2}
    assert Preview(100, switches, finished=True).wants_approval is wants


def test_nobody_switches_where_nobody_is() -> None:
    assert not NOTHING.wants_approval
