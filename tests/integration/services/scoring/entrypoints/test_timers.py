"""Timers on real parts, by a clock that the test owns."""

from datetime import timedelta

import msgspec

from services.scoring.entrypoints.timers import Timers
from shared.events.told.case import CaseOpened
from shared.kafka.topics import CASES
from tests.histories import BEGIN
from tests.integration.services.scoring.entrypoints.folding import folding
from tests.personas import SORTED
from tests.unit.services.scoring.documents import document


async def test_a_promise_is_missed_by_the_version_of_its_due_time_though_no_event_has_told_of_it(
    kafka_bootstrap: str, database_url: str
) -> None:
    """The version with cases is applied after the last event this process has seen."""
    due = (BEGIN + timedelta(hours=2)).isoformat()
    order = {"journey": "order-to-door", "instance": "1", "action": "placed", "promised_at": due}
    async with folding(kafka_bootstrap, database_url) as scoring:
        await scoring.apply(msgspec.structs.replace(SORTED, cases=()), BEGIN)
        await scoring.programmes.reload()
        await scoring.fold([document("placed", "interaction", 0, **order)], BEGIN)
        await scoring.apply(SORTED, BEGIN + timedelta(hours=1))
        timers = Timers(scoring.engine, scoring.store, scoring.ends, scoring.programmes)
        await timers.fire_due(BEGIN + timedelta(hours=3))
        (case,) = await scoring.told(CASES.name)
        assert isinstance(case, CaseOpened)
        assert (case.rule, case.programme) == ("still waiting", 2)
