"""/healthz, /readyz and /metrics of a real application."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from shared.http import health
from shared.http.health import Check, router


async def well() -> str | None:
    return None


async def unwell() -> str | None:
    return "the keys are not loaded"


async def refused() -> str | None:
    raise ConnectionRefusedError("nobody listens on port 1")


async def hanging() -> str | None:
    await asyncio.sleep(600)
    return None


async def ask(path: str, **checks: Check) -> httpx.Response:
    app = FastAPI()
    app.include_router(router(checks))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        return await client.get(path)


async def test_a_living_process_says_so_whatever_it_lacks() -> None:
    answer = await ask("/healthz", kafka=unwell)
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


async def test_ready_when_every_check_is_well() -> None:
    answer = await ask("/readyz", kafka=well, keys=well)
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "checks": {"kafka": "ok", "keys": "ok"}})


async def test_without_checks_it_is_ready() -> None:
    assert (await ask("/readyz")).status_code == 200


async def test_one_that_is_not_well_makes_it_unready_and_is_named() -> None:
    answer = await ask("/readyz", kafka=well, keys=unwell, postgres=refused)
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": {"kafka": "ok", "keys": "the keys are not loaded", "postgres": "nobody listens on port 1"},
    }


async def test_checks_that_hang_are_bounded_and_run_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 1.0)
    async with asyncio.timeout(30):
        answer = await ask("/readyz", one=hanging, other=hanging, third=well)
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"one": "no answer within 1 s", "other": "no answer within 1 s", "third": "ok"}


async def test_metrics_are_in_prometheus_format() -> None:
    answer = await ask("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "python_info" in answer.text
