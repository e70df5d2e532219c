"""From measures to moments, and what is told of them, whatever the map becomes meanwhile."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from services.scoring.domain.declared import Declared, MeasureKey
from services.scoring.domain.evidence import Counted
from services.scoring.domain.round import Outcome, conclude, touched
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing
from services.scoring.domain.verdict import Terms, Verdict, decide
from shared.programme.journey import Measure
from tests.unit.services.scoring.domain.maps import of

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 86_400
CSAT = Measure(metric="csat", window=7 * DAY, red_below=60, yellow_below=75, at_least=30)
KNOWN = Terms(complete=True, settled=True, waited=False)
BAD = {"csat_1_5": {1: 400}}
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


def red(rounds: Rounds) -> list[Declared]:
    """A moment that is red."""
    on_map = of(CSAT)
    outcome = rounds.play(on_map, [decide(on_map[0], None, Counted(BAD, {}), AT, KNOWN)], AT)
    assert [one.status for one in outcome.told] == ["red"]
    return on_map


def test_a_moment_that_is_on_no_map_any_more_is_told_as_removed() -> None:
    rounds = Rounds()
    red(rounds)
    (gone,) = rounds.play([], [], AT + HOUR).told
    assert (gone.previous, gone.status, gone.removed, gone.remapped) == ("red", "unknown", True, False)
    assert (gone.touchpoint_name, gone.owner) == ("The parcel arrives", "delivery")
    assert rounds.moments == {}


def test_a_new_major_version_of_the_map_ends_what_was_told_once_and_removes_nothing() -> None:
    rounds = Rounds()
    red(rounds)
    again = of(CSAT, major=2)
    (over,) = rounds.play(again, [], AT + HOUR).told
    assert (over.major, over.previous, over.status) == (1, "red", "unknown")
    assert (over.removed, over.remapped) == (False, True)
    assert rounds.play(again, [], AT + 2 * HOUR).told == []
    first = decide(again[0], None, Counted(BAD, {}), AT + 3 * HOUR, KNOWN)
    (anew,) = rounds.play(again, [first], AT + 3 * HOUR).told
    assert (anew.major, anew.previous, anew.status, anew.initial) == (2, "unknown", "red", True)
