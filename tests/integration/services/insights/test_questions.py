"""Every question is answered by an index: what is read does not grow with what is stored."""

from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.insights.adapters import sql
from services.insights.adapters.sql import question
from services.insights.domain.cursor import BEGINNING
from shared.postgres.engine import DatabaseSettings, connect
from tests.integration.services.insights.counted import make_tables

SERIES = {"journey": "j", "major": 1, "touchpoint": "t", "perspective": "customer", "metric": "csat"}
DAYS = {
    "journey": "j",
    "major": 1,
    "perspective": "customer",
    "places": [1],
    "touchpoints": ["t"],
    "metrics": ["csat"],
    "firsts": [0],
    "untils": [9],
}
INPUTS: dict[str, dict[str, Any]] = {
    "counts_of_measures": DAYS | {"by_days": [True]},
    "late_of_measures": DAYS,
    "summed": {},
    "counts_of_series": SERIES
    | {"scale": None, "persona": None, "channel": None, "first": 0, "until": 9, "edges": [0, 9]},
    "customer": {"customer": "crm:1"},
    "instances_of_customer": {"customer": "crm:1", "most": 9},
    "scores_of_customer": {"customer": "crm:1"},
    "steps_of_customer": {"customer": "crm:1"},
    "statuses_of_measures": {"journeys": ["j"]},
    "statuses_of_moments": {"journeys": ["j"]},
    "beat": {},
    "promises_of_customer": {"customer": "crm:1", "most": 9},
    "timeline_of_customer": {
        "customer": "crm:1",
        "before_time": BEGINNING.time,
        "before_position": BEGINNING.position,
        "most": 9,
    },
}


@pytest.fixture(scope="module")
async def connection(database_url: str) -> AsyncIterator[AsyncConnection]:
    """A session that would rather do anything than read a whole table."""
    await make_tables(database_url)
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    async with engine.connect() as connection:
        await connection.execute(text("set enable_seqscan = off"))
        yield connection
    await engine.dispose()


def test_every_question_is_here() -> None:
    assert INPUTS.keys() == {file.name.removesuffix(".sql") for file in files(sql).iterdir() if ".sql" in file.name}


@pytest.mark.parametrize("name", INPUTS.keys() - {"beat", "summed", "late_of_measures"})  # a row or none
async def test_it_is_found_by_index(connection: AsyncConnection, name: str) -> None:
    rows = await connection.execute(text(f"explain {question(name).text}"), INPUTS[name])
    plan = "\n".join(row[0] for row in rows)
    assert "Index Cond" in plan
    assert "Seq Scan" not in plan
    assert "Disabled" not in plan


@pytest.mark.parametrize("name", INPUTS)
def test_it_says_what_it_asks_what_it_needs_and_how_it_is_found(name: str) -> None:
    said = question(name).text
    for heading in ("Question:", "Inputs:", "Index:"):
        assert f"-- {heading}" in said
    assert set(question(name).compile().params) == INPUTS[name].keys()
