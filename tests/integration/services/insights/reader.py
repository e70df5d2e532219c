"""Somebody with a key who reads, through the front door."""

from typing import Any

import httpx

from tests.processes import Service

METRICS = "/v1/journeys/{}/touchpoints/{}/metrics"


class Reader:
    """One service, one key."""

    def __init__(self, service: Service, key: str | None) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(base_url=service.url, headers=headers, timeout=15)

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        return self._client.get(path, params=parameters or None)

    def read(self, path: str, **parameters: Any) -> Any:
        """The answer's document; fails unless it is a 200."""
        response = self.get(path, **parameters)
        assert response.status_code == 200, response.text
        return response.json()

    def problem(self, status: int, path: str, **parameters: Any) -> Any:
        """The problem's document; fails unless it is one with that status."""
        response = self.get(path, **parameters)
        assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
            response.text
        )
        document = response.json()
        assert document["status"] == status
        return document

    def measure(self, journey: str, touchpoint: str, **parameters: Any) -> Any:
        return self.read(METRICS.format(journey, touchpoint), **parameters)

    def points(self, journey: str, touchpoint: str, **parameters: Any) -> list[dict[str, Any]]:
        points: list[dict[str, Any]] = self.measure(journey, touchpoint, **parameters)["points"]
        return points
