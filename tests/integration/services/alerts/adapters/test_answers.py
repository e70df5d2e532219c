"""What the API answers of episodes, however much was said of them."""

from msgspec.structs import replace
from sqlalchemy import text

from services.alerts.adapters.answers import Answers
from tests.integration.services.alerts.desk import Desk
from tests.integration.services.alerts.test_taken import RETAIL
from tests.letters import MOMENT

EDITED_OFTEN = """
insert into alerts.deliveries (id, conversation, kind, edit, reason, letter, state, caused_at, queued_at)
select gen_random_uuid(), conversation, kind, true, reason, letter, state, caused_at, queued_at
from alerts.deliveries, generate_series(1, 600)
where conversation in (select id from alerts.conversations where thread = :thread)
"""


async def test_a_long_page_leaves_nobody_out_who_was_told(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    await at_desk.tell(MOMENT)
    await at_desk.tell(replace(MOMENT, touchpoint="edited-often"))
    answers = Answers(at_desk.engine)
    (often,) = (await answers.episodes(limit=1, after=None, touchpoint="edited-often")).items
    async with at_desk.engine.begin() as connection:
        await connection.execute(text(EDITED_OFTEN), {"thread": often.id})
    page = await answers.episodes(limit=500, after=None)
    assert sorted(len(one.deliveries) for one in page.items) == [2, 1_202]
