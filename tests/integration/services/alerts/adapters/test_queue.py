"""What a dispatcher takes on is told where to look."""

from datetime import timedelta

from msgspec.structs import replace

from tests.integration.services.alerts.desk import Desk
from tests.integration.services.alerts.test_outage import SLACK, told_by
from tests.letters import MOMENT


async def test_a_lost_message_is_found_where_the_last_one_stands(at_desk: Desk) -> None:
    await at_desk.apply(told_by(SLACK))
    await at_desk.tell(MOMENT)
    await at_desk.work(timedelta(seconds=2))
    at_desk.inbox.tell("slack", answer="half", kept=True, times=1)
    await at_desk.tell(replace(MOMENT, touchpoint="another"))
    await at_desk.turn()
    at_desk.inbox.tell("slack", answer="429", method="conversations.list")
    await at_desk.work(timedelta(seconds=10))
    assert await at_desk.states("slack") == [("red", "delivered")] * 2
    assert len(at_desk.received("slack")) == 2
