"""The worked values of tests/golden/vectors.json: every expected field, at the vector's tolerance."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.metrics import sketch
from shared.metrics.confidence import ONE_SIDED_95, TWO_SIDED_95
from shared.metrics.counts import merge, sums
from shared.metrics.headline import headline
from shared.metrics.mean import mean, t_interval, t_of, variance
from shared.metrics.net import adjusted, adjusted_wald, net, wald
from shared.metrics.peak_end import peak_end
from shared.metrics.proportion import newcombe, wilson
from shared.metrics.scales import SCALES, ScoreOutsideScale, norm100, norm100_of, scale_of
from shared.metrics.three_e import METRIC, SCALE_ID, E, index_of, three_e

TESTS = Path(__file__).parents[3]
ELSEWHERE = {"V19": "unit/shared/programme/weigh/vector.py"}
"""Vectors of what services decide, and the tests that hold them."""

ALL = json.loads((TESTS / "golden" / "vectors.json").read_text(encoding="utf-8"))
VECTORS = [vector for vector in ALL if vector["id"] not in ELSEWHERE]

Reading = Callable[[Any], Any]


def norm100_on_each_scale(rows: list[list[int]]) -> list[float | str | None]:
    found: list[float | str | None] = []
    for score, low, high, direction in rows:
        good = "high" if direction > 0 else "low"
        scale = next(s for s in SCALES.values() if (s.low, s.high, s.good) == (low, high, good))
        try:
            found.append(norm100_of(scale, score))
        except ScoreOutsideScale:
            found.append("reject")
    return found


def net_scores(rows: list[list[int]]) -> list[dict[str, Any]]:
    return [
        {
            "net": net(*row).value,
            "var": net(*row).variance,
            "se": net(*row).error,
            "wald_ci": wald(*row),
            "adj_net": adjusted(*row).value,
            "adj_se": adjusted(*row).error,
            "adj_ci": adjusted_wald(*row),
        }
        for row in rows
    ]


def csat(given: dict[str, Any]) -> dict[str, Any]:
    counts = _counts(given["hist"])
    of, estimate = sums(counts), headline("csat", "csat_1_5", counts)
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return {
        "n": estimate.n,
        "t2b": estimate.value / 100,
        "wilson95": [estimate.low / 100, estimate.high / 100],
        "one_sided_95": wilson(counts[4] + counts[5], of.n, level=ONE_SIDED_95),
        "mean": mean(of),
        "s2": variance(of),
        "t": t_of(of.n - 1, TWO_SIDED_95),
        "ci": t_interval(of, low=1, high=5),
        "mean_norm100": norm100_of_mean("csat", mean(of)),
    }


def ces(given: dict[str, Any]) -> dict[str, Any]:
    counts = _counts(given["hist"])
    of, scale, estimate = sums(counts), scale_of("ces", None), headline("ces", "ces2_1_7", counts)
    assert estimate is not None
    easy = sum(n for value, n in counts.items() if value in scale.favourable)
    hard = sum(n for value, n in counts.items() if value in scale.unfavourable)
    return {
        "n": estimate.n,
        "sum": of.total,
        "sumsq": of.squares,
        "ease_share": estimate.value / 100,
        "wilson95": wilson(easy, of.n),
        "high_effort_share": hard / of.n,
        "mean": mean(of),
        "s2": variance(of),
        "t": t_of(of.n - 1, TWO_SIDED_95),
        "ci": t_interval(of, low=1, high=7),
        "mean_norm100": norm100_of_mean("ces", mean(of)),
        "net_ease": net(of.n, easy, hard).value,
        "net_ease_adj_ci": adjusted_wald(of.n, easy, hard),
    }


def merged_and_revised(given: dict[str, Any]) -> dict[str, Any]:
    a, b = (dict(enumerate(given[name])) for name in ("A", "B"))
    revision = {given["revision"]["old"]: -1, given["revision"]["new"]: 1}
    wholes = {"A": a, "B": b, "merged": merge([a, b]), "after_revision": merge([a, revision, b])}
    return {name: _nps(counts) for name, counts in wholes.items()}


def _nps(counts: dict[int, int]) -> dict[str, Any]:
    of, scale, estimate = sums(counts), scale_of("nps", None), headline("nps", "ltr_0_10", counts)
    assert estimate is not None
    return {
        "n": estimate.n,
        "promoters": sum(counts.get(value, 0) for value in scale.favourable),
        "detractors": sum(counts.get(value, 0) for value in scale.unfavourable),
        "nps": estimate.value,
        "adj_ci": [estimate.low, estimate.high],
        "sum": of.total,
        "sumsq": of.squares,
        "mean": mean(of),
        "s2": variance(of),
    }


def sketched(given: dict[str, Any]) -> dict[str, Any]:
    assert given["alpha"] == sketch.ALPHA
    keys = [sketch.duration_key(value) for value in given["values"]]
    durations = sketch.in_order(merge({key: 1} for key in keys))
    return {
        "gamma": sketch.GAMMA,
        "keys": keys,
        "p50": sketch.quantile(durations, 50),
        "p90": sketch.quantile(durations, 90),
        "p95": sketch.quantile(durations, 95),
        "max_bucket": sketch.quantile(durations, 100),
    }


def within_target(given: dict[str, Any]) -> dict[str, Any]:
    hit, due = given["hit"], given["due"]
    estimate = headline("promise_kept", "", {1: hit, 0: due - hit})
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return {
        "share": estimate.value / 100,
        "wilson95": [estimate.low / 100, estimate.high / 100],
        "one_sided_95": wilson(hit, due, level=ONE_SIDED_95),
        "ranks_1based": {str(q): sketch.rank_interval(given["rank_n"], round(q * 100)) for q in given["qs"]},
        "min_n_upper_one_sided_95": {
            str(percent / 100): sketch.fewest_for_upper_limit(percent) for percent in (50, 90, 95, 99)
        },
    }


def peaks_and_ends(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {"classic": "pe_classic", "trough": "pe_trough", "positive": "pe_positive", "peak_trough": "pte"}
    found = [msgspec.structs.asdict(peak_end(row["scores"], row["weights"])) for row in rows]
    return [{names.get(name, name): value for name, value in one.items()} for one in found]


def three_es(given: dict[str, Any]) -> dict[str, Any]:
    assert given["weights"] == pytest.approx([1 / 3] * 3)
    rows = given["rows_goal012_ease17_enjoy17"]
    values = [three_e({metric: (score, None) for metric, score in zip(E, row, strict=True)}) for row in rows]
    assert None not in values
    of = merge({value: 1} for value in values if value is not None)
    index = headline(METRIC, SCALE_ID, of)
    assert index is not None
    goal, ease, enjoyment = (
        headline(metric, scale_of(metric, None).scale_id, merge({row[place]: 1} for row in rows))
        for place, metric in enumerate(E)
    )
    assert goal is not None
    assert goal.low is not None
    assert goal.high is not None
    assert ease is not None
    assert enjoyment is not None
    columns = [sums(merge({row[place]: 1} for row in rows)) for place in range(3)]
    return {
        "per_respondent": [index_of(value or 0) for value in values],
        "index": {
            "mean": index.value,
            "s2": variance(sums(of)) * index_of(1) ** 2,
            "t": t_of(index.n - 1, TWO_SIDED_95),
            "ci": [index.low, index.high],
        },
        "goal_share": goal.value / 100,
        "goal_wilson95": [goal.low / 100, goal.high / 100],
        "ease_share": ease.value / 100,
        "net_enjoyment": enjoyment.value,
        "component_means": [norm100_of_mean(metric, mean(of)) for metric, of in zip(E, columns, strict=True)],
    }


def expectations_and_promises(given: dict[str, Any]) -> dict[str, Any]:
    # one step of a 1–5 scale is 25 points of 0–100, so the gaps are whole numbers
    gaps = sums(merge({25 * (perceived - expected): 1} for perceived, expected in given["perceived_expected_1to5"]))
    direct, promise = given["direct"], given["promise"]
    kept, felt = (promise["op_kept"], promise["op_due"]), (promise["perc_yes"], promise["perc_n"])
    return {
        "gap": {
            "mean": mean(gaps),
            "s2": variance(gaps),
            "t": t_of(gaps.n - 1, TWO_SIDED_95),
            "ci": t_interval(gaps, low=-100, high=100),
        },
        "direct_net": net(direct["n"], direct["better"], direct["worse"]).value,
        "direct_adj_ci": adjusted_wald(direct["n"], direct["better"], direct["worse"]),
        "op_rate": kept[0] / kept[1],
        "op_wilson": wilson(*kept),
        "perc_rate": felt[0] / felt[1],
        "perc_wilson": wilson(*felt),
        "perc_minus_op": felt[0] / felt[1] - kept[0] / kept[1],
        "newcombe95": newcombe(felt, kept),
    }


READINGS: dict[str, Reading] = {
    "V01": norm100_on_each_scale,
    "V02": net_scores,
    "V04": csat,
    "V05": ces,
    "V06": merged_and_revised,
    "V08": sketched,
    "V09": within_target,
    "V10": peaks_and_ends,
    "V11": three_es,
    "V13": expectations_and_promises,
}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_every_field_of_the_vector_comes_out(vector: dict[str, Any]) -> None:
    found = READINGS[vector["id"]](vector["input"])
    _compare(found, vector["expected"], vector["tolerance"], vector["id"])


def test_there_is_a_reading_for_every_vector_and_a_vector_for_every_reading() -> None:
    assert sorted([*READINGS, *ELSEWHERE]) == [vector["id"] for vector in ALL]
    for name, path in ELSEWHERE.items():
        assert f'"{name}"' in (TESTS / path).read_text(encoding="utf-8")


def test_keys_of_the_sketch_do_not_depend_on_how_its_values_are_split() -> None:
    vector = next(vector for vector in VECTORS if vector["id"] == "V08")
    keys = [sketch.duration_key(value) for value in vector["input"]["values"]]
    whole = merge({key: 1} for key in keys)
    for split in range(len(keys) + 1):
        ends = (0, split, len(keys))
        assert merge(merge({key: 1} for key in keys[a:b]) for a, b in pairwise(ends)) == whole


def norm100_of_mean(metric: str, score: float) -> float:
    scale = scale_of(metric, None)
    return norm100(score, scale.low, scale.high, good=scale.good)


def _counts(histogram: dict[str, int]) -> dict[int, int]:
    return {int(value): n for value, n in histogram.items()}


def _compare(found: Any, expected: Any, tolerance: float, where: str) -> None:
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), where
        for name, value in expected.items():
            _compare(found[name], value, tolerance, f"{where}.{name}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for index, value in enumerate(expected):
            _compare(found[index], value, tolerance, f"{where}[{index}]")
    elif isinstance(expected, str):
        assert found == expected, where
    else:
        assert found == pytest.approx(expected, abs=tolerance, rel=0), where
