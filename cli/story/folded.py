"""Waits until scoring has folded what was sent, by what it tells Prometheus."""

import time
from collections.abc import Callable

import httpx
from prometheus_client.parser import text_string_to_metric_families

from cli.called import called
from shared.errors import Unavailable

_LOOK_AGAIN = 0.2
_PATIENCE = 90.0  # seconds without any progress
_FOLDED = ("voc_scoring_events_folded_total", "voc_scoring_events_duplicate_total")


def until_folded(url: str, events: int, *, told: Callable[[int], None]) -> None:
    """Return when so many events are folded. Raises Unavailable."""
    folded, since = -1.0, time.monotonic()
    while folded < events:
        found = _metrics(url)
        if (now_folded := sum(found.get(name, 0.0) for name in _FOLDED)) != folded:
            folded, since = now_folded, time.monotonic()
            told(round(folded))
        if time.monotonic() - since > _PATIENCE:
            raise Unavailable(
                f"Scoring stands still at {folded:.0f} of {events} events; `{called()} status` says how it is."
            )
        time.sleep(_LOOK_AGAIN)


def _metrics(url: str) -> dict[str, float]:
    try:
        text = httpx.get(f"{url}/metrics", timeout=5, trust_env=False).text  # by no proxy
    except httpx.TransportError:
        return {}  # it is started again
    families = text_string_to_metric_families(text)
    return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}
