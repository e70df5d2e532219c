"""Whatever the OpenAPI page allows, and much that it does not, gets an answer that the page tells of: never a 500."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from tests.integration.services.ingest.door import Door

EXAMPLES = 150  # of all routes together: the page grows, and this test must not
FEWEST = 8  # a route
CHECKS = [status_code_conformance, content_type_conformance]


@pytest.fixture(scope="module")
def operations(door: Door) -> list[Any]:
    """Every route of a running door's page, whichever there are."""
    page = schemathesis.openapi.from_url(f"{door.service.url}/openapi.json")
    found: Iterator[Any] = page.get_all_operations()
    return [one.ok() for one in found]


def test_every_answer_is_on_the_page(door: Door, operations: list[Any]) -> None:
    assert {"POST /v1/events", "GET /readyz"} <= {operation.label for operation in operations}
    keys = [door.new_key(scope) for scope in ("ingest", "admin", "read")]
    for operation in operations:
        anything = st.one_of(*(operation.as_strategy(mode) for mode in GenerationMode))

        @settings(
            max_examples=max(FEWEST, EXAMPLES // len(operations)),
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=anything, key=st.sampled_from(keys))
        def holds(case: Any, key: str) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code != 500, f"{case.as_curl_command()}: {answer.text}"
            case.validate_response(answer, checks=CHECKS)

        holds()
    assert "not-answered" not in door.service.tail()
