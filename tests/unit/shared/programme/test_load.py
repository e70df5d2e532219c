"""A right folder becomes the programme it says."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from shared.programme.load import load, load_with_cautions
from shared.programme.model import (
    Allowance,
    Delay,
    Escalation,
    Goal,
    Measure,
    Opening,
    Programme,
    Promise,
    PromiseMissed,
    Receiver,
    ScoreIs,
)
from shared.programme.store import encode
from tests.unit.shared.programme.folder import FILES, broken, write

DAY = 86_400


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return load(write(tmp_path, FILES))


def test_the_map_reads_as_written(programme: Programme) -> None:
    [journey] = programme.journeys
    ordered, handed_over = journey.touchpoints
    assert (journey.journey, journey.name, journey.major) == ("delivery", "delivery", 1)
    assert journey.instance.closes_on == ("handed-over",)
    assert journey.instance.idle_after == 90 * DAY
    assert ordered.match == (("type", ("voc.interaction",)), ("action", ("ordered",)))
    assert handed_over.match is not None
    assert handed_over.match[1] == ("action", ("handed-over", "left-at-door"))
    assert handed_over.promise == Promise(says="By noon", opened_by="ordered", kept_by="handed-over")
    assert [(person.role, person.visible) for person in handed_over.people] == [("driver", True), ("kitchen", False)]


def test_measures_have_their_defaults(programme: Programme) -> None:
    moment = programme.journeys[0].touchpoints[1].moment_of_truth
    assert moment is not None
    csat, promise_kept, wait = moment.measures
    assert csat == Measure(metric="csat", window=28 * DAY, red_below=55, yellow_below=65, at_least=50)
    assert (promise_kept.at_least, promise_kept.dwell.worse, promise_kept.dwell.better) == (30, 2, 3)
    assert (wait.stat, wait.window, wait.red_above, wait.yellow_above) == ("p90", 900, 600, 300)


def test_what_is_wanted_and_when_to_help(programme: Programme) -> None:
    assert programme.goals == (
        Goal(
            name="On time",
            owner="van",
            metric="csat",
            journey="delivery",
            touchpoint="handed-over",
            outcome="churned",
            target=80,
            by=date(2027, 1, 31),
        ),
    )
    surveys = programme.governance.surveys
    assert surveys.per_metric == {"nps": Allowance(times=1, seconds=90 * DAY)}
    assert surveys.needs_consent
    furious, waiting = programme.cases
    assert furious.when == ScoreIs(metric="csat", comparison="<=", value=1)
    assert furious.reply_within == Delay(seconds=8 * 3600, business=True)
    assert waiting.when == PromiseMissed()
    assert waiting.reply_within == Delay(seconds=4 * 3600)
    assert waiting.fresh == 2 * DAY


def test_people_on_both_sides(programme: Programme) -> None:
    early, usual = programme.personas
    assert [signal.weight for signal in early.signals] == [2, 3, 1]
    assert (early.signals[1].condition.start, early.signals[1].condition.end) == (90, 365)
    assert early.signals[2].condition.one_of == ("Lille", "Paris")
    assert (usual.default, usual.priority) == (True, 2)
    van, chief = programme.owners
    assert van.timezone == "Europe/Paris", "an owner without a zone lives in the programme's"
    assert chief.timezone == "Europe/Rome"
    assert van.hours[0] == Opening(weekday=0, opens=480, closes=1080)
    assert van.notify == (
        Receiver(channel="slack", to="#van"),
        Receiver(channel="email", to="van@shop.example"),
    )
    assert van.escalate == (Escalation(after=Delay(seconds=7200, business=True), to="owner-in-chief"),)


def test_sources_carry_their_mapping(programme: Programme) -> None:
    till, crm, orders = programme.sources
    assert till.questions["q2"].comment
    assert crm.mapping == "{id: id}\n"
    assert (orders.topic, orders.mapping) == ("shop.orders", None)


def test_the_stored_form_is_the_same_programme(programme: Programme) -> None:
    assert msgspec.json.decode(encode(programme), type=Programme) == programme


def test_the_smallest_programme(tmp_path: Path) -> None:
    smallest = {
        "programme.yaml": "name: Small\ntimezone: UTC\n",
        "journeys/one.yaml": "journey: one\nstages: [{stage: all, touchpoints: [{touchpoint: it}]}]\n",
    }
    assert load(write(tmp_path, smallest)).journeys[0].touchpoints[0].name == "it"


def test_maps_stand_in_the_order_of_their_files(tmp_path: Path) -> None:
    second = "journey: another\nstages: [{stage: s, touchpoints: [{touchpoint: handed-over}]}]\n"
    programme = load(write(tmp_path, FILES | {"journeys/a.yaml": second, "journeys/z.yaml": second.replace("an", "y")}))
    assert [journey.journey for journey in programme.journeys] == ["another", "delivery", "yother"]
    assert programme.goals[0].journey == "another", "the first map that has the touchpoint"


def test_anchors_and_merges_are_yaml_too(tmp_path: Path) -> None:
    measures = """\
            - &csat {metric: csat, window: 28d, red_below: 55, yellow_below: 65, at_least: 50}
            - {<<: *csat, metric: ease}
"""
    written = FILES["journeys/delivery.yaml"]
    kept = written[: written.index("            - {metric: csat")]
    programme = load(write(tmp_path, FILES | {"journeys/delivery.yaml": kept + measures}))
    moment = programme.journeys[0].touchpoints[1].moment_of_truth
    assert moment is not None
    assert [(measure.metric, measure.red_below) for measure in moment.measures] == [("csat", 55), ("ease", 55)]


def test_the_example_is_right_and_shows_everything() -> None:
    folder = Path(__file__).parents[4] / "examples" / "retail"
    programme = load(folder)
    unused = _never_given(programme) - {"Journey.major", "Journey.perspective", "InstanceRule.by", "Promise.due"}
    unused = {name for name in unused if not name.startswith("Signature.")}  # one sender signs in one way
    unused -= {"Privacy.pseudonymise", "Privacy.key"}  # the demo must start without a secret
    assert not unused, "docs point at the example for every key"


def _never_given(programme: Programme) -> set[str]:
    """Fields of every struct in the programme that have their default wherever they stand."""
    given: set[str] = set()
    fields: set[str] = set()

    def look(value: object) -> None:
        if isinstance(value, msgspec.Struct):
            for field in msgspec.structs.fields(type(value)):
                name = f"{type(value).__name__}.{field.name}"
                fields.add(name)
                found = getattr(value, field.name)
                if field.default is msgspec.NODEFAULT or found != field.default:
                    given.add(name)
                look(found)
        elif isinstance(value, tuple | list):
            for item in value:
                look(item)
        elif isinstance(value, dict):
            for item in value.values():
                look(item)

    look(programme)
    return fields - given


def said_of(tmp_path: Path, before: str = "", after: str = "") -> list[str]:
    files = FILES if not before else broken("journeys/delivery.yaml", before, after)
    return [str(one) for one in load_with_cautions(write(tmp_path, files))[1]]


def test_an_action_that_no_match_names_is_told_with_its_line(tmp_path: Path) -> None:
    assert said_of(tmp_path / "right") == []
    assert said_of(tmp_path / "closing", "closes_on: [handed-over]", "closes_on: [handed-over, hand-over]") == [
        "journeys/delivery.yaml:3: instance.closes_on[1]: no match names the action 'hand-over' (did you mean"
        " 'handed-over'?): its events reach no step, unless they name one themselves"
    ]
    (opened,) = said_of(tmp_path / "opening", "opened_by: ordered", "opened_by: paid")
    assert opened.startswith("journeys/delivery.yaml:15: stages[1].touchpoints[0].promise.opened_by: no match names")


def test_who_goes_away_may_be_off_the_map_and_a_match_without_an_action_takes_all(tmp_path: Path) -> None:
    closing = "closes_on: [handed-over]"
    assert said_of(tmp_path / "away", closing, f"{closing}, abandons_on: [cancelled]") == []
    assert len(said_of(tmp_path / "typo", closing, f"{closing}, abandons_on: [orderd]")) == 1
    first = "match: {type: voc.interaction, action: ordered}"
    assert said_of(tmp_path / "any", first, "match: {channel: web}") == []
    feedback = said_of(tmp_path / "feedback", first, "match: {type: voc.feedback}")
    assert len(feedback) == 1, "feedback has no action"
