"""The OpenAPI page says what the door does."""

from typing import Any

import pytest

from shared.http.quota import quota
from tests.integration.services.ingest.door import BATCH, STRUCTURED, Door, event


@pytest.fixture(scope="module")
def page(door: Door) -> dict[str, Any]:
    found: dict[str, Any] = door.service.get("/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def route(page: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = page["paths"]["/v1/events"]["post"]
    return found


def test_the_pages_are_open(door: Door) -> None:
    for path in ("/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"):
        assert door.service.get(path).status_code == 200
    assert door.service.get("/v1/nothing").status_code == 404


def test_every_reference_leads_somewhere(page: dict[str, Any]) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, list):
            return [found for item in value for found in references(item)]
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for item in value.values() for found in references(item)]
        return []

    names = {f"#/components/schemas/{name}" for name in page["components"]["schemas"]}
    assert set(references(page)) <= names
    assert {"#/components/schemas/Feedback", "#/components/schemas/voc.profile"} <= set(references(page))


def test_its_examples_are_taken(door: Door, route: dict[str, Any]) -> None:
    bodies = route["requestBody"]["content"]
    assert set(bodies) == {"application/json", STRUCTURED["content-type"], BATCH["content-type"]}
    for media, body in bodies.items():
        assert door.post(body["example"], content_type=media).status_code == 202, media


def test_its_headers_make_an_event(door: Door, route: dict[str, Any]) -> None:
    headers = {parameter["name"]: parameter["description"] for parameter in route["parameters"]}
    whole = {f"ce-{name}": value for name, value in event(data=None).items()}
    assert set(whole) == set(headers)
    wanted = {name for name, meaning in headers.items() if "wanted" in meaning}
    for left_out in whole:
        sent = {name.replace("-", "_"): value for name, value in whole.items() if name != left_out}
        answer = door.post(b'{"action":"placed"}', content_type="application/json", **sent)
        assert answer.status_code == (422 if left_out in wanted else 202), left_out


def test_its_answers_are_the_doors(door: Door, route: dict[str, Any]) -> None:
    spent = door.new_key("ingest", quota=quota("1/h"))
    given = {
        door.post(event()).status_code,
        door.post(b"{").status_code,
        door.post(event(), authorization="").status_code,
        door.post(event(), authorization=f"Bearer {door.new_key('read')}").status_code,
        door.client.get("/v1/events").status_code,
        door.post(b" " * 1_000_001).status_code,
        door.post(event(), content_type="text/csv").status_code,
        door.post(event(id=None)).status_code,
        door.post(event(), x_long="x" * 40_000).status_code,
        *(door.post(event(), authorization=f"Bearer {spent}").status_code for _ in range(2)),
    }
    by_others = {408, 500, 503}  # of test_connections.py, a fault of ours, and those of test_outage.py
    assert {int(status) for status in route["responses"]} == given | by_others
    assert route["responses"]["503"]["headers"]["Retry-After"]
    assert set(route["responses"]["429"]["headers"]) == {"Retry-After", "RateLimit", "RateLimit-Policy"}


def test_its_limits_are_the_doors(page: dict[str, Any], route: dict[str, Any]) -> None:
    assert route["requestBody"]["content"][BATCH["content-type"]]["schema"]["maxItems"] == 1000
    assert "1,000,000 bytes" in route["responses"]["413"]["description"]
    assert route["security"] == [{"key": []}]
    assert page["components"]["securitySchemes"].keys() == {"key", "admin"}


def test_its_schemas_know_what_the_models_know(page: dict[str, Any]) -> None:
    schemas = page["components"]["schemas"]
    assert schemas["CloudEvent"]["required"] == ["id", "source", "type", "specversion"]
    assert {"touchpoint", "promised_at", "attributes"} <= set(schemas["Interaction"]["properties"])
    kinds = [one["$ref"].rpartition("/")[2] for one in schemas["Event"]["oneOf"]]
    assert kinds == ["voc.interaction", "voc.feedback", "voc.outcome", "voc.profile"]


def test_the_quarantines_routes_want_an_admins_key_and_all_they_refer_to_is_there(page: dict[str, Any]) -> None:
    routes = [route for path, ways in page["paths"].items() if "/quarantine" in path for route in ways.values()]
    assert len(routes) == 5
    assert all(route["security"] == [{"admin": []}] for route in routes)
    assert {"Items", "Whole", "Summary", "Replayed", "Dismissed", "Selection"} <= page["components"]["schemas"].keys()
