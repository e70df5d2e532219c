"""`/look/…`: where the links in messages lead in the local stack, until there is a board.

The APIs want a key in a header, which a click does not send. Here the inbox asks them with the stack's own key, made
by `voc up` and `voc demo` below VOC_HOME, and draws what they answer. It listens on the loopback only, and changes
nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from deploy.local.inbox import drawn, lead
from deploy.local.inbox.settings import LOOK, Settings

_ONLY_STYLE = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "Content-Security-Policy": _ONLY_STYLE,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def router(settings: Settings) -> APIRouter:
    """One page each of what a message can be about."""
    routes = APIRouter(prefix=LOOK, tags=["where links lead"], default_response_class=HTMLResponse)

    @routes.get("/journeys/{journey}", summary="A journey and how its moments of truth stand")
    async def journey(journey: str) -> Response:
        return await _look(
            settings,
            "insights",
            f"/v1/journeys/{quote(journey, safe='')}",
            what="Journey",
            name=journey,
            lead=lead.of_journey,
        )

    @routes.get("/customers/{customer:path}", summary="A customer: persona, promises, timeline")
    async def customer(customer: str) -> Response:
        path = f"/v1/customers/{quote(customer, safe=':@')}"
        return await _look(settings, "insights", path, what="Customer", name=customer, lead=lead.of_customer)

    @routes.get("/episodes/{episode}", summary="A red spell: its evidence, and who was told what")
    async def episode(episode: str) -> Response:
        path = f"/v1/episodes/{quote(episode, safe='')}"
        return await _look(settings, "alerts", path, what="Red spell", name=episode, lead=lead.of_episode)

    return routes


async def _look(
    settings: Settings, part: str, path: str, *, what: str, name: str, lead: Callable[[Any], Iterator[str]]
) -> Response:
    try:
        status, answer = await _ask(settings, part, path)
    except OSError:
        return _page(503, drawn.sentence("There is no key to ask with yet: `voc up` makes it.", what=what, title=name))
    except httpx.HTTPError:
        said = f"{part.capitalize()} does not answer: `voc status` says how it is."
        return _page(503, drawn.sentence(said, what=what, title=name))
    if status != 200:
        return _page(status, drawn.sentence(str(answer.get("detail", answer)), what=what, title=name))
    title = str(answer.get("name") or answer.get("touchpoint") or name)
    return _page(
        200, drawn.page(answer, what=what, title=title, foot=f"GET {path}, as {part} answers it", lead=lead(answer))
    )


async def _ask(settings: Settings, part: str, path: str) -> tuple[int, Any]:
    """Raises OSError where there is no key, and httpx.HTTPError where nobody answers."""
    scope, port = ("alerts", settings.alerts_port) if part == "alerts" else ("read", settings.insights_port)
    key = (settings.keys / scope).read_text().strip()
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:  # by no proxy
        headers = {"Authorization": f"Bearer {key}"}
        answer = await client.get(f"http://127.0.0.1:{port}{path}", headers=headers)
        return answer.status_code, answer.json()


def _page(status: int, html: str) -> Response:
    return HTMLResponse(html, status, headers=_HEADERS)
