"""An evaluator on real parts, by a clock that the tests own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.offsets import Offsets
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.evaluator import Evaluator
from services.scoring.settings import StatusSettings
from shared.events.told.envelope import read
from shared.events.told.moment import MomentDecided
from shared.events.told.trouble import TroubleTold
from shared.kafka.topics import EVENTS
from shared.metrics.span import quarter_of
from shared.programme.journey import Journey, Measure, MomentOfTruth, Promise, Stage, Touchpoint
from shared.programme.model import Owner, Programme
from tests import road

BEGIN = datetime(2026, 11, 2, 0, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
CSAT = Measure(metric="csat", window=86_400, red_below=60, yellow_below=75, at_least=30)


def programme(*measures: Measure, promise: Promise | None = None) -> Programme:
    moment = MomentOfTruth(owner="delivery", measures=measures) if measures else None
    arrives = Touchpoint(
        touchpoint="parcel-arrives", name="The parcel arrives", promise=promise, moment_of_truth=moment
    )
    stage = Stage(stage="delivery", name="Delivery", touchpoints=(arrives,))
    return Programme(
        name="Retail",
        timezone="UTC",
        settle=60,
        journeys=(Journey(journey="order-to-door", name="From order to door", stages=(stage,)),),
        owners=(Owner(owner="delivery", name="Delivery", timezone="UTC"),),
    )


class Bench:
    """An evaluator, its database, and the clock."""

    def __init__(self, engine: AsyncEngine, url: str, consumer: AIOKafkaConsumer) -> None:
        self.engine, self.url, self.at = engine, url, BEGIN
        self._consumer = consumer
        self.evaluator = self.another(reads=lambda: True)

    def another(self, *, reads: Callable[[], bool], settings: StatusSettings | None = None) -> Evaluator:
        """One of another process, which is behind until it `reads`."""
        ends = Ends(self._consumer, Offsets(self.engine, EVENTS.name), EVENTS.name, reads=reads)
        return Evaluator(self.engine, ends, EVENTS.name, settings or StatusSettings(), takes_part=lambda: True)

    async def tick(self) -> None:
        await self.evaluator.round(lambda: self.at)

    async def answers(
        self, good: int, bad: int, *, persona: str = "planner", channel: str = "email", major: int = 1
    ) -> None:
        """Counted in the quarter-hour of now, as folding does it."""
        async with self.engine.begin() as connection:
            series = await connection.scalar(
                text(
                    "insert into scoring.series"
                    " (journey, major, touchpoint, perspective, metric, scale, persona, channel) values"
                    " ('order-to-door', :major, 'parcel-arrives', 'customer', 'csat', 'csat_1_5', :persona, :channel)"
                    " on conflict (journey, major, touchpoint, perspective, metric, scale, persona, channel)"
                    " do update set journey = excluded.journey returning series"
                ),
                {"persona": persona, "channel": channel, "major": major},
            )
            for value, n in ((5, good), (1, bad)):
                await connection.execute(
                    text(
                        "insert into scoring.counts values (:series, :quarter, :value, :n)"
                        " on conflict (series, quarter, value) do update set n = scoring.counts.n + excluded.n"
                    ),
                    {"series": series, "quarter": quarter_of(self.at), "value": value, "n": n},
                )

    async def told(self) -> list[MomentDecided]:
        """What lies in the outbox, in order."""
        rows = await road.fetch(self.url, "select value from scoring.outbox where topic = 'voc.moments' order by id")
        found = [read(row["value"]).data for row in rows]
        return [one for one in found if isinstance(one, MomentDecided)]

    async def troubles(self) -> list[tuple[str, bool]]:
        """What the admin was told: which trouble, and whether it is over."""
        rows = await road.fetch(self.url, "select value from scoring.outbox where topic = 'voc.troubles' order by id")
        found = [read(row["value"]).data for row in rows]
        return [(one.trouble, one.over) for one in found if isinstance(one, TroubleTold)]

    async def beat(self) -> Any:
        """When an evaluator has looked last."""
        return (await road.fetch(self.url, "select at from scoring.read_beat"))[0]["at"]

    async def measure(self) -> Any:
        rows = await road.fetch(self.url, "select * from scoring.read_measures")
        return rows[0] if rows else None


def held_measures() -> float:
    """What the last look has told Prometheus."""
    return REGISTRY.get_sample_value("voc_scoring_measures_held") or 0.0


async def read_on(bench: Bench, kafka_bootstrap: str) -> None:
    """Somebody folds what waits."""
    for partition, end in (await road.ends(kafka_bootstrap)).items():
        await road.execute(
            bench.url, "update scoring.offsets set next_offset = $2 where partition = $1", partition, end
        )
