"""From measures to moments, and what is told of them, whatever the map becomes meanwhile."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from services.scoring.domain.declared import Declared, MeasureKey
from services.scoring.domain.evidence import Counted
from services.scoring.domain.moved import Cut
from services.scoring.domain.round import Outcome, conclude, touched
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing
from services.scoring.domain.verdict import Terms, Verdict, decide
from shared.events.told.moment import MomentDecided
from shared.programme.journey import Measure
from tests.unit.services.scoring.domain.maps import of

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 86_400
CSAT = Measure(metric="csat", window=7 * DAY, red_below=60, yellow_below=75, at_least=30)
KNOWN = Terms(complete=True, settled=True, waited=False)
BAD = {"csat_1_5": {1: 400}}
GOOD = {"": {1: 400}}  # promises that were kept
MOMENT = MomentKey("order-to-door", "parcel-arrives")


class Rounds:
    """What the evaluator keeps between its rounds."""

    def __init__(self) -> None:
        self.measures: dict[MeasureKey, Standing] = {}
        self.moments: dict[MomentKey, MomentStanding] = {}

    def play(self, on_map: list[Declared], verdicts: Iterable[Verdict], at: datetime) -> Outcome:
        """One round of a programme with these measures."""
        verdicts = list(verdicts)
        gone = self.measures.keys() - {measure.key for measure in on_map}
        self.measures = {key: one for key, one in self.measures.items() if key not in gone}
        self.measures |= {one.measure.key: one.standing for one in verdicts}
        outcome = conclude(on_map, self.measures, self.moments, touched(verdicts, gone), at, programme=1)
        kept = {key: one for key, one in self.moments.items() if key not in outcome.gone}
        self.moments = kept | outcome.moments
        return outcome


def said(outcome: Outcome) -> list[MomentDecided]:
    return [one.decided for one in outcome.told]


def red(rounds: Rounds) -> list[Declared]:
    """A moment that is red."""
    on_map = of(CSAT)
    outcome = rounds.play(on_map, [decide(on_map[0], None, Counted(BAD, {}), AT, KNOWN)], AT)
    assert [one.decided.status for one in outcome.told] == ["red"]
    return on_map


def test_a_moment_that_is_on_no_map_any_more_is_told_as_removed() -> None:
    rounds = Rounds()
    red(rounds)
    (gone,) = said(rounds.play([], [], AT + HOUR))
    assert (gone.previous, gone.status, gone.removed, gone.remapped) == ("red", "unknown", True, False)
    assert (gone.touchpoint_name, gone.owner) == ("The parcel arrives", "delivery")
    assert rounds.moments == {}


def test_a_new_major_version_of_the_map_ends_what_was_told_once_and_removes_nothing() -> None:
    rounds = Rounds()
    red(rounds)
    again = of(CSAT, major=2)
    (over,) = said(rounds.play(again, [], AT + HOUR))
    assert (over.major, over.previous, over.status) == (1, "red", "unknown")
    assert (over.removed, over.remapped) == (False, True)
    assert rounds.play(again, [], AT + 2 * HOUR).told == []
    first = decide(again[0], None, Counted(BAD, {}), AT + 3 * HOUR, KNOWN)
    (anew,) = said(rounds.play(again, [first], AT + 3 * HOUR))
    assert (anew.major, anew.previous, anew.status, anew.initial) == (2, "unknown", "red", True)


def test_what_is_told_asks_for_the_window_before_of_each_measure_at_its_own_tick() -> None:
    rounds = Rounds()
    promise = Measure(metric="promise_kept", window=DAY, red_below=85, yellow_below=92, at_least=50)
    csat, kept = on_map = of(CSAT, promise)
    first = [decide(csat, None, Counted(BAD, {}), AT, KNOWN), decide(kept, None, Counted(GOOD, {}), AT, KNOWN)]
    (told,) = rounds.play(on_map, first, AT).told
    assert [(one.place, one.measure.key.metric, one.scale, one.at) for one in told.asked] == [
        (0, "csat", "csat_1_5", AT),
        (1, "promise_kept", "", AT),
    ]
    for days in (3, 4):
        at = AT + timedelta(days=days)
        worse = decide(kept, rounds.measures[kept.key], Counted({"": {0: 400}}, {}), at, KNOWN)
        outcome = rounds.play(on_map, [worse], at)
    (told,) = outcome.told
    assert [(one.measure.key.metric, one.at) for one in told.asked] == [("csat", AT), ("promise_kept", at)]
    explained = told.explained(
        [[Cut("planner", "email", {1: 400}, {5: 100})], [Cut("planner", "app", {0: 400}, {1: 100})]]
    )
    assert [one.before and one.before.value for one in explained.measures] == [100.0, 100.0]
    assert [one.channel and one.channel.name for one in explained.measures] == ["email", "app"]
