"""Letters for the tests: one of each kind, as a delivery owner in Berlin might get them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.alerts.channels.channel import Outgoing, Thread
from services.alerts.domain.letter import Case, Letter, Link, Recovered, Red, Trouble, Worse
from services.scoring.domain import silence, trouble
from services.scoring.domain.silence import Heard
from services.scoring.domain.standing import Standing
from shared.events.told.case import CaseOpened
from shared.events.told.moment import Figure, MeasureDecided, MomentDecided, Split
from shared.events.told.persona import Treatment
from shared.events.told.trouble import TroubleTold
from shared.metrics.span import quarter_of

OPENED = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)
EPISODE = UUID("0192f3a1-7c00-7000-8000-00000000e915")
LINKS = (
    Link("The journey", "http://127.0.0.1:8090/look/journeys/order-to-door"),
    Link("This red spell", f"http://127.0.0.1:8090/look/episodes/{EPISODE}"),
)
WHO: dict[str, Any] = {"to": "Delivery team", "zone": "Europe/Berlin", "links": LINKS}

PROMISE = MeasureDecided(
    metric="promise_kept",
    window=86_400,
    short_window=21_600,
    status="red",
    previous="yellow",
    since=OPENED,
    figure=Figure(value=78.39805825, low=74.1612, high=82.0934, n=412),
    short=Figure(value=61.3636, low=46.6, high=74.3, n=44),
    lower=74.88,
    upper=81.55,
    before=Figure(value=93.0904, low=90.1, high=95.2, n=1398),
    persona=Split(name="planner", now=Figure(value=61.0, n=140), before=Figure(value=92.0, n=151)),
    channel=Split(name="courier", now=Figure(value=76.2, n=380), before=Figure(value=93.0, n=1300)),
    red_below=85.0,
    yellow_below=92.0,
    at_least=50,
)
CSAT = MeasureDecided(
    metric="csat",
    scale="1-5",
    window=7 * 86_400,
    status="yellow",
    previous="yellow",
    since=OPENED - timedelta(days=2),
    figure=Figure(value=68.0, low=60.1, high=75.0, n=120),
    red_below=60.0,
    yellow_below=75.0,
    at_least=30,
)
ANSWER = MeasureDecided(
    metric="response_seconds",
    stat="p90",
    window=86_400,
    status="red",
    previous="red",
    since=OPENED,
    figure=Figure(value=7512.3, low=6900.0, high=8100.0, n=230),
    before=Figure(value=1500.0, low=1400.0, high=1610.0, n=240),
    red_above=7200.0,
    yellow_above=1800.0,
    at_least=50,
)
NPS = MeasureDecided(
    metric="nps",
    window=28 * 86_400,
    status="red",
    previous="yellow",
    since=OPENED,
    figure=Figure(value=-12.4, low=-21.0, high=-3.5, n=88),
    red_below=0.0,
    yellow_below=30.0,
    at_least=30,
)
MOMENT = MomentDecided(
    journey="order-to-door",
    journey_name="From order to door",
    touchpoint="parcel-arrives",
    touchpoint_name="The parcel arrives",
    major=1,
    owner="delivery",
    status="red",
    previous="yellow",
    since=OPENED,
    decided_at=OPENED,
    deciding=0,
    measures=(PROMISE, CSAT),
    programme=3,
    rule="S1.1",
)
WORSE_NOW = replace(
    MOMENT,
    decided_at=OPENED + timedelta(hours=2),
    measures=(
        replace(PROMISE, figure=Figure(value=61.0, low=56.0, high=65.8, n=398), previous="red"),
        replace(
            CSAT,
            status="red",
            figure=Figure(value=49.0, low=40.0, high=58.0, n=131),
            before=Figure(value=70.1, low=61.2, high=77.6, n=117),
            persona=Split(name="planner", now=Figure(value=38.0, n=50), before=Figure(value=69.0, n=42)),
        ),
    ),
)
GREEN_NOW = replace(
    MOMENT,
    status="yellow",
    previous="red",
    decided_at=OPENED + timedelta(hours=5, minutes=12),
    measures=(
        replace(
            PROMISE,
            status="yellow",
            previous="red",
            figure=Figure(value=91.2, low=88.0, high=93.7, n=380),
            short=Figure(value=95.1, low=88.9, high=97.9, n=81),
            lower=88.6,
            upper=93.3,
            before=Figure(value=78.0, low=73.9, high=81.6, n=420),
            persona=None,  # who moved most is told where it went worse
            channel=None,
        ),
        CSAT,
    ),
)
CARE: dict[str, Any] = {
    "to": "Customer care",
    "zone": "Europe/Berlin",
    "links": (Link("The customer", "http://127.0.0.1:8090/look/customers/email:ana@example.com"),),
}
ADMIN: dict[str, Any] = {"to": "Operations", "zone": "Europe/Berlin"}
SPELL: dict[str, Any] = {"opened": MOMENT, "turned": (PROMISE,)}
FALLING = replace(  # the day as a whole is on the good side of the threshold, its last quarter is not
    PROMISE,
    figure=Figure(value=88.1, low=84.6, high=90.9, n=412),
    upper=74.3,
)
COMMENT = (
    'Third time this month & nobody <told> me.\nI "waited" all day <!channel> *really* <https://evil.example|click>'
)
CASE = CaseOpened(
    case="5b0c9d4e",
    rule="very unhappy",
    customer="email:ana@example.com",
    persona="planner",
    treatment=Treatment(
        strategy="Say early, keep the date", do=("proactive-delay-notice",), avoid=("upsell-before-delivery",)
    ),
    owner="care",
    journey="order-to-door",
    journey_name="From order to door",
    touchpoint="parcel-arrives",
    touchpoint_name="The parcel arrives",
    instance="order-4711",
    happened_at=OPENED,
    metric="nps",
    score=2,
    scale_low=0,
    scale_high=10,
    comment=COMMENT,
    source="shop",
    event="answer-1",
    reply_within=8 * 3600,
    business=True,
    programme=3,
)
BROKEN = replace(
    CASE,
    rule="let down",
    metric=None,
    score=None,
    scale_low=None,
    scale_high=None,
    comment=None,
    promise="On the promised day",
    due_at=OPENED - timedelta(hours=3),
    reply_within=4 * 3600,
)


def _told(found: TroubleTold | None) -> TroubleTold:
    assert found is not None
    return found


HELD = _told(trouble.held(None, [Standing(since=OPENED, held_since=OPENED)], caught_up=False, owner="operations"))
(SILENT,) = silence.silent(
    [Heard("touchpoint", "order-to-door/parcel-arrives", 0, quarter_of(OPENED) - 1, 4)],
    OPENED + timedelta(hours=4),
    touchpoints={"order-to-door/parcel-arrives": "The parcel arrives"},
    owner="operations",
)
(HELD_OVER,) = trouble.news({HELD.trouble: HELD}, []).over
(SILENT_AND_GONE,) = trouble.news({SILENT.trouble: SILENT}, [], removed={SILENT.trouble}).over
LETTERS: dict[str, Letter] = {
    "red": Red(**WHO, opened_at=OPENED, moment=MOMENT),
    "red-first-look": Red(**WHO, opened_at=OPENED, moment=replace(MOMENT, initial=True, incomplete=True)),
    "red-by-the-last-hours": Red(**WHO, opened_at=OPENED, moment=replace(MOMENT, measures=(FALLING, CSAT))),
    "red-duration": Red(**WHO, opened_at=OPENED, moment=replace(MOMENT, measures=(ANSWER, NPS))),
    "worse": Worse(**WHO, opened_at=OPENED, moment=WORSE_NOW, told=MOMENT),
    "recovered": Recovered(**WHO, opened_at=OPENED, closed_at=GREEN_NOW.decided_at, moment=GREEN_NOW, **SPELL),
    "removed": Recovered(
        **WHO,
        opened_at=OPENED,
        closed_at=OPENED + timedelta(days=1, hours=3),
        moment=replace(GREEN_NOW, status="unknown", removed=True, deciding=None, measures=()),
        **SPELL,
    ),
    "remapped": Recovered(
        **WHO,
        opened_at=OPENED,
        closed_at=OPENED + timedelta(days=1, hours=3),
        moment=replace(GREEN_NOW, status="unknown", remapped=True, deciding=None, measures=()),
        **SPELL,
    ),
    "case-answer": Case(**CARE, case=CASE, reply_by=OPENED + timedelta(hours=19)),
    "case-promise": Case(**CARE, case=BROKEN),
    "trouble": Trouble(**ADMIN, trouble=HELD),
    "trouble-over": Trouble(**ADMIN, trouble=HELD_OVER, over_at=OPENED + timedelta(minutes=47)),
    "trouble-silent": Trouble(**ADMIN, trouble=SILENT),
    "trouble-off-the-map": Trouble(**ADMIN, trouble=SILENT_AND_GONE, over_at=OPENED + timedelta(days=2)),
}


def outgoing(
    letter: Letter,
    *,
    number: int = 1,
    address: str = "#delivery",
    thread: UUID = EPISODE,
    root: str | None = None,
    edit: bool = False,
) -> Outgoing:
    """The delivery of that number."""
    return Outgoing(
        delivery=UUID(int=number),
        address=address,
        thread=Thread(id=thread, root=root),
        letter=letter,
        edit=edit,
        tried_at=datetime.now(UTC),
    )
