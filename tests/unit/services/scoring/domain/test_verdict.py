"""Whatever comes, a decision can be taken again from what is kept of it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.evidence import Counted
from services.scoring.domain.verdict import Record, Terms, decide
from shared.programme.journey import Measure
from tests.unit.services.scoring.domain.again import decided_again, proved_again
from tests.unit.services.scoring.domain.maps import of

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
HOUR = 3600
KNOWN = Terms(complete=True, settled=True, waited=False)
MEASURES = {
    "csat": (Measure(metric="csat", window=8 * HOUR, red_below=60, yellow_below=75), "csat_1_5", range(1, 6)),
    "nps": (Measure(metric="nps", window=8 * HOUR, at_least=5, red_below=0, yellow_below=30), "ltr_0_10", range(11)),
    "promise": (Measure(metric="promise_kept", window=HOUR, red_below=85, yellow_below=92, at_least=50), "", range(2)),
    "p90": (
        Measure(metric="wait_seconds", stat="p90", window=HOUR, red_above=60, yellow_above=30, at_least=9),
        "",
        range(480, 560),
    ),
}


@pytest.mark.parametrize("name", MEASURES)
@given(data=st.data())
def test_every_decision_is_taken_again_from_its_own_counts(name: str, data: st.DataObject) -> None:
    measure, scale, values = MEASURES[name]
    (one,) = of(measure)
    counts = st.dictionaries(st.sampled_from(values), st.integers(1, 60), max_size=5)
    standing, at = None, AT
    for long, short in data.draw(st.lists(st.tuples(counts, counts), min_size=1, max_size=6)):
        at += timedelta(minutes=20)
        verdict = decide(one, standing, Counted({scale: long}, {scale: short}), at, KNOWN)
        record = msgspec.json.decode(msgspec.json.encode(verdict.record), type=Record)
        proof = proved_again(record, measure.metric, measure.stat, measure.window)
        assert proof == (record.proof and record.proof.proof)
        again = decided_again(record, proof, at=at, metric=measure.metric, window=measure.window)
        assert (again.state, again.reason) == (verdict.standing.state, verdict.record.reason)
        standing = verdict.standing


@pytest.mark.parametrize(("named", "declared"), [((1, 7), "csat_1_7"), (None, None)])
def test_the_scale_of_the_map_is_told_beside_that_of_the_answers(
    named: tuple[float, float] | None, declared: str | None
) -> None:
    (one,) = of(Measure(metric="csat", scale=named, window=8 * HOUR, red_below=60, yellow_below=75))
    told = decide(one, None, Counted({"csat_1_7": {6: 40}}, {}), AT, KNOWN).standing.told
    assert told is not None
    assert (told.scale, told.declared_scale) == ("csat_1_7", declared)
