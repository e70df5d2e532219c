"""A whole stack on free ports, as people use it: commands, the door, the read API, and what owners received."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tests.integration.deploy.local.voc import Voc

_QUIET_SECONDS = 6.0


class Message(NamedTuple):
    """What the inbox lists."""

    kind: str
    to: str
    text: str
    at: datetime
    thread: str


class Stack:
    """A programme applied, and keys for each door."""

    def __init__(self, voc: Voc, programme: Path) -> None:
        self.voc = voc
        voc.said("programme", "apply", programme)
        self._keys = {scope: self._key(scope) for scope in ("ingest", "read", "alerts")}

    def post(self, events: list[dict[str, Any]]) -> None:
        """A batch through the door."""
        headers = {**self._authorized("ingest"), "Content-Type": "application/cloudevents-batch+json"}
        answer = httpx.post(self._url("ingest", "/v1/events"), json=events, headers=headers, timeout=20)
        assert answer.json() == {"accepted": len(events), "rejected": []}

    def moment(self, touchpoint: str = "parcel-arrives") -> dict[str, Any]:
        """As the read API has it."""
        page = self._get("insights", "/v1/journeys/order-to-door", "read")
        (found,) = [one for stage in page["stages"] for one in stage["touchpoints"] if one["touchpoint"] == touchpoint]
        moment: dict[str, Any] = found
        return moment

    def measure(self, metric: str) -> dict[str, Any]:
        """One of the moment."""
        (found,) = [one for one in self.moment()["measures"] if one["metric"] == metric]
        measure: dict[str, Any] = found
        return measure

    def episodes(self) -> list[dict[str, Any]]:
        """As alerts has them."""
        items: list[dict[str, Any]] = self._get("alerts", "/v1/episodes", "alerts")["items"]
        return items

    def messages(self, *to: str) -> list[Message]:
        """What these receivers got, in order."""
        found = httpx.get(self._url("inbox", "/messages"), timeout=20).json()
        all_of = [Message(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in found]
        return [one for one in all_of if one.to in to]

    def settled_messages(self, *to: str) -> list[Message]:
        """What these receivers got when nothing new has come for a while."""
        seen, since = self.messages(*to), time.monotonic()
        while time.monotonic() - since < _QUIET_SECONDS:
            time.sleep(0.5)
            if (now := self.messages(*to)) != seen:
                seen, since = now, time.monotonic()
        return seen

    def until(self, holds: Callable[[], object], *, within: float = 90) -> None:
        """Wait for it; fail with the moment as it stands and the ends of the logs."""
        deadline = time.monotonic() + within
        while not holds():
            assert time.monotonic() < deadline, f"not within {within} s: {self.moment()}\n{self._logs()}"
            time.sleep(0.2)

    def _logs(self) -> str:
        logs = [self.voc.home.log(part) for part in ("scoring", "alerts")]
        return "\n".join("\n".join(log.read_text().splitlines()[-8:]) for log in logs if log.exists())

    def _key(self, scope: str) -> str:
        return self.voc.said("key", "create", "--name", f"e2e-{scope}", "--scope", scope).strip()

    def _get(self, part: str, path: str, scope: str) -> Any:
        answer = httpx.get(self._url(part, path), headers=self._authorized(scope), timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _authorized(self, scope: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._keys[scope]}"}

    def _url(self, part: str, path: str) -> str:
        return f"http://127.0.0.1:{self.voc.ports[part]}{path}"


@contextmanager
def stack(home: Path, programme: Path) -> Iterator[Stack]:
    """A fresh one, for as long as the block lasts."""
    voc = Voc(home)
    try:
        voc.up()
        yield Stack(voc, programme)
    finally:
        voc.down()
