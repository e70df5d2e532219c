"""From measures to moments, and what is told of them, whatever the map becomes meanwhile."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from services.scoring.domain.declared import Declared, MeasureKey
from services.scoring.domain.evidence import Counted
from services.scoring.domain.former import gone, readdressed
from services.scoring.domain.moved import Cut
from services.scoring.domain.round import Outcome, conclude, held, released, touched
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing, waits
from services.scoring.domain.verdict import Terms, Verdict, decide
from shared.events.told.moment import MomentDecided
from shared.programme.journey import Measure
from shared.programme.model import Receiver
from tests.unit.services.scoring.domain.maps import of

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 86_400
CSAT = Measure(metric="csat", window=7 * DAY, red_below=60, yellow_below=75, at_least=30)
NPS = Measure(metric="nps", window=28 * DAY, red_below=0, yellow_below=30, at_least=30)
KNOWN = Terms(complete=True, settled=True, waited=False)
UNSETTLED = Terms(complete=True, settled=False, waited=False)
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
        after = self.measures | {one.measure.key: one.standing for one in verdicts}
        lost = gone(after, on_map)
        self.measures = {key: one for key, one in after.items() if key not in lost}
        concerned = touched(verdicts, lost, readdressed(self.moments, on_map))
        outcome = conclude(on_map, self.measures, self.moments, concerned, at, programme=1)
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


def test_another_window_is_no_news_until_it_is_decided() -> None:
    rounds = Rounds()
    red(rounds)
    (wider,) = on_map = of(replace(CSAT, window=14 * DAY))
    assert rounds.play(on_map, [], AT + HOUR).told == []  # scoring is behind: it is held
    put_off = decide(wider, None, Counted(BAD, {}), AT + 2 * HOUR, UNSETTLED)
    assert rounds.play(on_map, [put_off], AT + 2 * HOUR).told == []
    assert rounds.moments[MOMENT].status == "red"
    first = decide(wider, rounds.measures[wider.key], Counted(BAD, {}), AT + 3 * HOUR, KNOWN)
    (told,) = said(rounds.play(on_map, [first], AT + 3 * HOUR))
    assert (told.previous, told.status, told.initial, told.since) == ("red", "red", True, AT)
    assert [one.window for one in told.measures] == [14 * DAY]
    assert rounds.measures.keys() == {wider.key}


def test_what_the_former_measure_said_stands_beside_what_others_say() -> None:
    rounds = Rounds()
    red(rounds)
    csat, nps = on_map = of(replace(CSAT, window=14 * DAY), NPS)
    good = decide(nps, None, Counted({"ltr_0_10": {10: 400}}, {}), AT + HOUR, KNOWN)
    (told,) = said(rounds.play(on_map, [good], AT + HOUR))
    assert told.status == "red"
    assert [(one.metric, one.window, one.status) for one in told.measures] == [
        ("nps", NPS.window, "green"),
        ("csat", 7 * DAY, "red"),
    ]
    few = decide(csat, None, Counted({"csat_1_5": {1: 3}}, {}), AT + 2 * HOUR, KNOWN)
    (told,) = said(rounds.play(on_map, [few], AT + 2 * HOUR))
    assert (told.status, [one.window for one in told.measures]) == ("unknown", [14 * DAY, NPS.window])


def test_another_owner_hears_at_once_and_nothing_is_decided_anew() -> None:
    rounds = Rounds()
    red(rounds)
    on_map = of(CSAT, owner="carriers")
    (told,) = said(rounds.play(on_map, [], AT + HOUR))
    assert (told.owner, told.previous, told.status, told.since, told.decided_at) == ("carriers", "red", "red", AT, AT)
    assert rounds.play(on_map, [], AT + 2 * HOUR).told == []


def test_an_owner_who_is_told_elsewhere_hears_of_what_is_red() -> None:
    rounds = Rounds()
    (csat,) = red(rounds)
    moved = [csat._replace(notify=(Receiver(channel="slack", to="#carriers"),))]
    (told,) = said(rounds.play(moved, [], AT + HOUR))
    assert (told.previous, told.status) == ("red", "red")
    assert rounds.play(moved, [], AT + 2 * HOUR).told == []


def test_an_owner_who_is_told_elsewhere_need_not_hear_of_what_is_green() -> None:
    rounds, (csat,) = Rounds(), of(CSAT)
    rounds.play([csat], [decide(csat, None, Counted({"csat_1_5": {5: 400}}, {}), AT, KNOWN)], AT)
    moved = [csat._replace(notify=(Receiver(channel="slack", to="#carriers"),))]
    assert rounds.play(moved, [], AT + HOUR).told == []


def test_what_was_decided_without_all_waits_from_anew_the_next_time() -> None:
    (csat,) = of(CSAT)
    since = Standing(since=AT, held_since=AT - HOUR)
    late = decide(csat, since, Counted(BAD, {}), AT, Terms(complete=False, settled=True, waited=True)).standing
    assert (late.incomplete, late.held_since) == (True, AT - HOUR)
    free = released({csat.key: late})
    assert free[csat.key].held_since is None
    assert held(free, [csat], AT + HOUR)[csat.key].held_since == AT + HOUR


def test_what_waits_for_a_backfill_is_not_released() -> None:
    (csat,) = of(CSAT)
    waiting = decide(csat, None, Counted(BAD, {}), AT, UNSETTLED).standing
    assert waits(waiting)
    assert released({csat.key: waiting}) == {}
