"""Every error is answered as a problem (RFC 9457)."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from shared.http.problem import MEDIA_TYPE, TITLES, HttpProblem, install


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    install(app)

    @app.get("/ours")
    async def ours() -> None:
        raise HttpProblem(429, "Slow down.", headers={"Retry-After": "2"}, extra={"waiting": 7})

    @app.get("/theirs")
    async def theirs() -> None:
        raise HTTPException(415, "JSON alone.", headers={"Accept": "application/json"})

    @app.get("/number")
    async def number(n: int) -> int:
        return n

    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError("secret of the house")

    return app


async def ask(app: FastAPI, path: str, method: str = "GET") -> tuple[httpx.Response, dict[str, Any]]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        answer = await client.request(method, path)
    document: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert document["type"] == "about:blank"
    assert document["status"] == answer.status_code
    assert document["title"] == TITLES[answer.status_code]
    return answer, document


async def test_ours_has_its_headers_and_members(app: FastAPI) -> None:
    answer, document = await ask(app, "/ours")
    assert answer.headers["retry-after"] == "2"
    assert (answer.status_code, document["detail"], document["waiting"]) == (429, "Slow down.", 7)


async def test_the_frameworks_own_errors_are_problems_too(app: FastAPI) -> None:
    answer, document = await ask(app, "/theirs")
    assert (answer.status_code, document["detail"]) == (415, "JSON alone.")
    assert answer.headers["accept"] == "application/json"
    assert (await ask(app, "/nowhere"))[0].status_code == 404
    answer, _ = await ask(app, "/ours", "DELETE")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


async def test_a_wrong_parameter_is_named(app: FastAPI) -> None:
    answer, document = await ask(app, "/number?n=seven")
    assert answer.status_code == 422
    (problem,) = document["problems"]
    assert problem["path"] == "query.n"
    assert document["detail"] == f"query.n: {problem['message']}"


async def test_what_nobody_expected_is_500_and_tells_nothing_of_the_inside(app: FastAPI) -> None:
    answer, document = await ask(app, "/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "log" in document["detail"]
