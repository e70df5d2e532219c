"""A programme is taken up while insights runs, and a figure is made of one major version of its map."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from shared.programme.model import Programme, Stage, Touchpoint
from tests import road
from tests.integration.services.insights.counted import ANSWERS, count, make_tables
from tests.integration.services.insights.reader import Reader
from tests.keys import make_key
from tests.processes import Service, eventually, running
from tests.shop import ORDER_TO_DOOR, SHOP

HERE = ("order-to-door", "parcel-arrives")
HELP = Touchpoint(touchpoint="help", name="Help is found", channels=("web",))


def with_stages(name: str, *touchpoints: Touchpoint) -> Programme:
    """The shop with one stage more."""
    stage = Stage(stage=name, name=name.title(), touchpoints=touchpoints)
    journey = msgspec.structs.replace(ORDER_TO_DOOR, stages=(*ORDER_TO_DOOR.stages, stage))
    return msgspec.structs.replace(SHOP, journeys=(journey,))


async def test_a_change_is_taken_up_without_a_restart(database_url: str, workshop: Path) -> None:
    await road.apply_programme(database_url, SHOP)
    await make_tables(database_url)
    await count(database_url, ANSWERS, [(datetime.now(UTC), 5, 4)])
    insights = Service("insights", workshop, VOC_DATABASE_URL=database_url)
    reader = Reader(insights, await make_key(database_url, "read"))

    def stages() -> list[str]:
        return [stage["stage"] for stage in reader.read("/v1/journeys/order-to-door")["stages"]]

    with running(insights):
        assert stages() == ["purchase", "delivery"]
        await road.apply_programme(database_url, with_stages("aftercare", HELP))
        await asyncio.to_thread(eventually, lambda: "aftercare" in stages(), within=10)
        assert reader.measure(*HERE, metric="csat")["n"] == 4  # a step that is only added breaks no series

        changed = datetime.now(UTC)
        moment = msgspec.structs.replace(HELP, moment_of_truth=ORDER_TO_DOOR.touchpoints[-1].moment_of_truth)
        await road.apply_programme(database_url, with_stages("aftercare", moment))
        await asyncio.to_thread(eventually, lambda: _measures_of(reader, "help"), within=10)
        _begins_anew(reader, changed)
        await count(database_url, ANSWERS._replace(major=2), [(datetime.now(UTC), 1, 3)])
        assert _figure(reader.measure(*HERE, metric="csat")) == (0.0, 3)
        assert _figure(reader.measure(*HERE, metric="csat", as_of=changed.isoformat())) == (100.0, 4)
        csat, _ = _measures_of(reader, "parcel-arrives")
        assert _figure(csat) == (0.0, 3)


def _begins_anew(reader: Reader, changed: datetime) -> None:
    """Where moments of truth are others, the figures of before are those of another map."""
    assert reader.measure(*HERE, metric="csat")["n"] == 0
    yesterday = (changed - timedelta(days=1)).isoformat()
    assert reader.points(*HERE, **{"metric": "csat", "from": yesterday}) == []
    (before,) = reader.points(*HERE, **{"metric": "csat", "from": yesterday, "to": changed.isoformat(), "step": "1mo"})
    assert _figure(before) == (100.0, 4)


def _figure(shown: dict[str, Any]) -> tuple[Any, Any]:
    return shown["value"], shown["n"]


def _measures_of(reader: Reader, name: str) -> list[dict[str, Any]]:
    journey = reader.read("/v1/journeys/order-to-door")
    steps = {step["touchpoint"]: step for stage in journey["stages"] for step in stage["touchpoints"]}
    measures: list[dict[str, Any]] = steps[name]["measures"]
    return measures
