"""/healthz, /readyz and /metrics: the same on every service, and true."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

Check = Callable[[], Awaitable[str | None]]
"""None when all is well, else a sentence that says what is missing. May raise OSError or TimeoutError."""

CHECK_SECONDS = 3.0


def router(checks: Mapping[str, Check]) -> APIRouter:
    """The three routes that need no key. `checks` by the name of what they look at."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/healthz", summary="The process is alive")
    async def healthz() -> dict[str, bool]:
        return {"alive": True}

    @routes.get("/readyz", summary="The process can do its work; 503 says what is missing")
    async def readyz() -> Response:
        results = dict(zip(checks, await asyncio.gather(*(_ask(check) for check in checks.values())), strict=True))
        ready = all(fault is None for fault in results.values())
        body = {"ready": ready, "checks": {name: fault or "ok" for name, fault in results.items()}}
        return Response(msgspec.json.encode(body), 200 if ready else 503, media_type="application/json")

    @routes.get("/metrics", summary="Prometheus metrics")
    async def metrics() -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return routes


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS:.0f} s"
    except OSError as error:
        return str(error)
