"""Mistakes in journeys/: the map and its measures."""

from tests.unit.shared.programme.mistake import MAP, Case

CASES = [
    Case(MAP, "says: By noon", "sais: By noon", 15, "stages[1].touchpoints[0].promise", "nothing", "the key 'says'"),
    Case(MAP, "idle_after: 90d", "idle_after: 90", 3, "instance.idle_after", "90", "a duration such as"),
    Case(MAP, "journey: delivery", "journey: home delivery", 1, "journey", "'home delivery'", "a name of letters"),
    Case(
        MAP, "visible: true", "visible: front", 13, "stages[1].touchpoints[0].people[0].visible", "'front'", "true or"
    ),
    Case(MAP, "owner: van", "owner: vam", 17, "stages[1].touchpoints[0].moment_of_truth.owner", "'vam'", "an owner of"),
    Case(
        MAP, "personas: [early, usual]", "personas: [late]", 2, "personas[0]", "'late'", "a persona of personas.yaml: o"
    ),
    Case(
        MAP,
        "touchpoint: ordered",
        "touchpoint: handed-over",
        11,
        "touchpoint",
        "the same",
        "another touchpoint than the o",
    ),
    Case(MAP, "stage: door", "stage: order", 9, "stages[1].stage", "the same", "another stage than the one in line 5"),
    Case(
        MAP, "[handed-over, left-at-door]", "ordered", 14, "match", "the same", "another match than the one in line 8"
    ),
    Case(MAP, "{type: voc.interaction, action: ordered}", "{}", 8, "match", "a mapping", "at least one field"),
    Case(MAP, "[handed-over, left-at-door]", "[]", 14, "match.action", "an empty list", "at least one"),
    Case(
        MAP,
        "{type: voc.interaction, action: ordered}",
        "{type: voc.interacton}",
        8,
        "match.type",
        "'voc.interacton'",
        "one",
    ),
    Case(
        MAP, "opened_by: ordered", "opened_by: handed-over", 15, "promise", "a mapping", "two actions, one that opens"
    ),
    Case(
        MAP,
        "promise: {says: By noon, opened_by: ordered, due: promised_at, kept_by: handed-over}",
        "name: x",
        20,
        "measures[1]",
        "none",
        "a promise at this touchpoint",
    ),
    Case(
        MAP, "metric: csat", "metric: three_e", 19, "measures[0].metric", "'three_e'", "effectiveness, ease, enjoyment,"
    ),
    Case(MAP, "metric: csat", "metric: cast", 19, "measures[0].metric", "'cast'", "one of nps, csat"),
    Case(MAP, "window: 24h", "window: 10m", 20, "measures[1].window", "'10m'", "at least 15m"),
    Case(MAP, "window: 24h", "window: 24", 20, "measures[1].window", "24", "a duration such as"),
    Case(
        MAP,
        "red_below: 85",
        "red_below: 95",
        20,
        "measures[1]",
        "red_below 95 and yellow_below 92",
        "red_below below yellow",
    ),
    Case(
        MAP,
        "red_above: 600",
        "red_above: 30",
        21,
        "measures[2]",
        "red_above 30 and yellow_above 300",
        "red_above above y",
    ),
    Case(MAP, "red_above: 600, ", "", 21, "measures[2]", "nothing", "the key 'red_above' here"),
    Case(MAP, "yellow_below: 65", "yellow_below: 650", 19, "measures[0].yellow_below", "650", "a number from 0 to 100"),
    Case(MAP, "at_least: 50", "at_least: 0", 19, "measures[0].at_least", "0", "a whole number of at least 1"),
    Case(MAP, "at_least: 50", "at_least: 2.5", 19, "measures[0].at_least", "2.5", "a whole number of at least 1"),
    Case(MAP, "at_least: 50", "stat: p50", 19, "measures[0].stat", "'p50'", "no stat, because csat is no duration"),
    Case(MAP, "stat: p90", "stat: mean", 21, "measures[2].stat", "'mean'", "a percentile from p1 to p99"),
    Case(MAP, "at_least: 50", "short: 30d", 19, "measures[0].short", "'30d'", "a short window that is shorter"),
    Case(MAP, "at_least: 50", "margin: -1", 19, "measures[0].margin", "-1", "a number of at least 0"),
    Case(MAP, "at_least: 50", "tick: 0s", 19, "measures[0].tick", "'0s'", "at least 1s"),
    Case(MAP, "at_least: 50", "dwell: {worse: 0}", 19, "measures[0].dwell.worse", "0", "a whole number of at least 1"),
    Case(
        MAP,
        "at_least: 50",
        "scale: [1, 6]",
        19,
        "measures[0].scale",
        "a list",
        "the scale of csat to be [1, 5] (usual)",
    ),
    Case(MAP, "at_least: 50", "scale: [5, 1]", 19, "measures[0].scale", "a list", "a scale such as [1, 5]"),
    Case(
        MAP,
        "promise_kept, window: 24h, red_below: 85, yellow_below: 92",
        "csat, window: 28d, red_below: 1, yellow_below: 2",
        20,
        "measures[1]",
        "the same",
        "another measure than the one in line 19",
    ),
]
