"""Asks the stack's doors what has become of the story: the read API, alerts, and the inbox."""

from datetime import datetime
from typing import Any

import httpx
import msgspec

from cli.called import called
from cli.story.address import address
from cli.story.script import JOURNEY, MOMENT
from shared.errors import Unavailable
from shared.http.keys import Scope


class Received(msgspec.Struct, frozen=True):
    """A message as the inbox lists it; `thread` is the same for what belongs together."""

    kind: str
    to: str
    text: str
    at: datetime
    thread: str | None


class Reading:
    """One connection to each door, by the keys of this stack."""

    def __init__(self, keys: dict[Scope, str]) -> None:
        self.key = keys["read"]
        self._client = httpx.Client(timeout=20, trust_env=False)  # by no proxy
        self._alerts = keys["alerts"]

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_why: object) -> None:
        self._client.close()

    def journey(self, journey: str = JOURNEY) -> dict[str, Any]:
        """The page of a journey."""
        page: dict[str, Any] = self._get("insights", f"/v1/journeys/{journey}", self.key)
        return page

    def journeys(self) -> list[dict[str, Any]]:
        """All of them, with their status."""
        found: list[dict[str, Any]] = self._get("insights", "/v1/journeys", self.key)["items"]
        return found

    def moment(self) -> dict[str, Any]:
        """The moment of the story: its status and its measures."""
        touchpoints = [step for stage in self.journey()["stages"] for step in stage["touchpoints"]]
        found: dict[str, Any] = next(step for step in touchpoints if step["touchpoint"] == MOMENT)
        return found

    def customer(self, subject: str) -> dict[str, Any]:
        """The page of a customer."""
        page: dict[str, Any] = self._get("insights", f"/v1/customers/{subject}", self.key)
        return page

    def episodes(self) -> list[dict[str, Any]]:
        """The red spells of the story's moment, the newest first."""
        found = self._get("alerts", "/v1/episodes", self._alerts)["items"]
        ours = [one for one in found if (one["journey"], one["touchpoint"]) == (JOURNEY, MOMENT)]
        return sorted(ours, key=_opened, reverse=True)

    def cases(self) -> list[dict[str, Any]]:
        """Whom somebody was asked to help."""
        found: list[dict[str, Any]] = self._get("alerts", "/v1/cases", self._alerts)["items"]
        return found

    def messages(self) -> list[Received]:
        """What the inbox received, in order."""
        return msgspec.convert(self._get("inbox", "/messages"), list[Received])

    def _get(self, part: str, path: str, key: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            answer = self._client.get(address(part) + path, headers=headers)
        except httpx.TransportError as error:
            raise Unavailable(f"{part} does not answer ({error}): `{called()} status` says how it is.") from error
        if answer.status_code != 200:
            raise Unavailable(f"{part} answered {answer.status_code} to {path}: {answer.text[:300]}")
        return answer.json()


def _opened(episode: dict[str, Any]) -> str:
    opened_at: str = episode["opened_at"]
    return opened_at
