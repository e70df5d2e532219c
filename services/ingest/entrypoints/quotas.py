"""What a key may send: one bucket a key and process, and the fields by which senders pace themselves.

`RateLimit-Policy` and `RateLimit` are those of draft-ietf-httpapi-ratelimit-headers-11. Its list of units knows no
events, so the policy is called so.
"""

from collections.abc import Callable
from math import ceil
from time import monotonic

from services.ingest import metrics
from services.ingest.domain.quota import Bucket
from services.ingest.entrypoints.answer import Answer
from shared.http.held_key import HeldKey
from shared.http.problem import HttpProblem
from shared.http.quota import Quota

POLICY = "events"


class Quotas:
    """The buckets of the keys that have a quota. A key whose quota was changed gets a full one."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, tuple[Quota, Bucket]] = {}

    def take(self, key: HeldKey, events: int) -> None:
        """Let the key send so many. Raises 429 with the seconds to wait, or 413 for what can never be sent at once."""
        quota, bucket = self._of(key)
        policy = {"RateLimit-Policy": _policy(quota)}
        if events > quota.burst:
            detail = f"This key may send {quota.burst:,} events at once; this batch has {events:,}: send smaller ones."
            raise HttpProblem(413, detail, headers=policy)
        now = self._clock()
        wait = ceil(bucket.take(events, now))
        if wait:
            metrics.OVER_QUOTA.labels(key.name).inc()
            left = f'"{POLICY}";r={bucket.left(now)};t={wait}'
            detail = f"This key may send {quota}. Send this again in {wait} s."
            raise HttpProblem(429, detail, headers={"Retry-After": str(wait), "RateLimit": left, **policy})

    def told(self, answer: Answer, key: HeldKey) -> Answer:
        """An answer that says how many events may come at once now, and the seconds until there is one more."""
        quota, bucket = self._of(key)
        now = self._clock()
        left = bucket.left(now)
        more = ceil(bucket.until(min(left + 1, quota.burst), now))
        fields = {"ratelimit-policy": _policy(quota), "ratelimit": f'"{POLICY}";r={left};t={more}'}
        start, body = answer
        headers = [*start["headers"], *((name.encode(), value.encode()) for name, value in fields.items())]
        return {**start, "headers": headers}, body

    def _of(self, key: HeldKey) -> tuple[Quota, Bucket]:
        assert key.quota is not None
        found = self._buckets.get(key.name)
        if found is None or found[0] != key.quota:
            found = self._buckets[key.name] = key.quota, Bucket(key.quota.rate, key.quota.burst)
        return found


def _policy(quota: Quota) -> str:
    return f'"{POLICY}";q={quota.burst};w={quota.window}'
