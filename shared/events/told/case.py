"""`voc.case`: one customer needs help now (topic voc.cases, key: the customer)."""

from datetime import datetime

import msgspec

from shared.events.told.persona import Treatment


class CaseOpened(msgspec.Struct, frozen=True, kw_only=True):
    """Opened by the programme's rule `rule`; `case` is its id, the same however often the cause is read. The time of
    its CloudEvent is when it was opened, from which `reply_within` counts; `happened_at` may be long before.

    The cause is an answer (`metric`, `score`, `scale_low`, `scale_high`) or, without one, a promise whose time passed
    unkept (`promise`, `due_at`). `source` and `event` name the event it came from. `comment` is what the customer
    wrote, as it came: it is to be escaped wherever it is shown. `reply_within` in seconds of `business` or plain time.
    """

    case: str
    rule: str
    customer: str
    persona: str
    treatment: Treatment | None = None
    owner: str
    journey: str | None = None
    journey_name: str | None = None
    touchpoint: str | None = None
    touchpoint_name: str | None = None
    instance: str | None = None
    happened_at: datetime
    metric: str | None = None
    score: float | None = None
    scale_low: float | None = None
    scale_high: float | None = None
    comment: str | None = None
    promise: str | None = None
    due_at: datetime | None = None
    source: str
    event: str
    reply_within: int | None = None
    business: bool = False
    programme: int
