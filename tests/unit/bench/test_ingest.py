import pytest

from bench.growth import Sample
from bench.ingest import at_half_load, figures, growth, of_two
from bench.ingest_load import Result
from bench.ingest_sides import HUB, KARAPACE, KARAPACE_BINARY, Side, peers
from bench.ingest_turn import Turn, result_of
from bench.report import Options

OURS, BARE = (Side(name=name, urls=(f"http://{name}",)) for name in ("ours", "bare"))


def turn(rate: float, *, p99: float = 4, door: float = 50) -> Turn:
    result = Result(events=int(rate * 8), seconds=8, failed=0, p50_ms=2, p99_ms=p99)
    return Turn(result, door=door, kafka=7)


def test_the_median_turn_of_ours_stands_beside_that_of_each_peer() -> None:
    asked = Options(karapace="http://k", hub="http://h", hub_key="secret")
    ours = [turn(18_000), turn(12_000), turn(20_000)]
    taken = [ours, [turn(19_000)], [turn(3_000)], [turn(4_500)], [turn(6_000)]]
    found = {figure.what: figure for figure in figures(1, [OURS, BARE, *peers(asked)], taken)}
    beside = {name: found[f"single events, beside {name}"] for name in (KARAPACE, KARAPACE_BINARY, HUB)}
    assert [(f.ratio, f.wanted_ratio) for f in beside.values()] == [(6, 6), (4, 6), (3, 2.5)]
    assert {f.ours for f in beside.values()} == {18_000}
    assert found["single events, acknowledged"].other_name == "bare"


def test_a_peer_that_is_not_given_has_no_row_and_a_line_says_how_to_give_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert peers(Options()) == []
    said = capsys.readouterr().out
    assert "--karapace URL" in said
    assert "--hub URL and --hub-key KEY" in said
    assert not [f for f in figures(1, [OURS, BARE], [[turn(1)], [turn(1)]]) if "beside" in f.what]


def test_the_command_that_is_recorded_tells_no_address_and_no_key() -> None:
    asked = Options(soak=True, karapace="http://k", hub="http://h", hub_key="secret")
    assert asked.words() == ["--soak", "--karapace URL", "--hub URL"]


def test_half_load_is_judged_by_the_slowest_hundredth() -> None:
    figure = at_half_load(turn(9_000, p99=9.5), 9_000)
    assert (figure.ours, figure.wanted) == (9.5, 15)


def test_two_processes_are_judged_by_what_an_event_costs_more() -> None:
    (figure,) = of_two([turn(18_000, door=50)], [turn(24_000, door=55)])
    assert figure.ratio == pytest.approx(1.1)
    assert figure.wanted_ratio == 1.15


def test_memory_is_told_by_the_minute() -> None:
    figure = growth([Sample(float(second), (100.0,)) for second in range(601)], 9_000)
    assert figure.ours == 0
    assert "100.0, 100.0" in figure.note


def test_a_refused_request_ends_the_comparison() -> None:
    with pytest.raises(SystemExit, match=r"1 requests failed, the first one with:\nHTTP/1\.1 503"):
        result_of(OURS, b'{"events":0,"seconds":8,"failed":1,"p50_ms":0,"p99_ms":0,"first_failure":"HTTP/1.1 503"}')
    with pytest.raises(SystemExit, match="ours acknowledged nothing within 8 s"):
        result_of(OURS, b'{"events":0,"seconds":8,"failed":0,"p50_ms":0,"p99_ms":0}')
    with pytest.raises(SystemExit, match="ours at http://ours could not be loaded"):
        result_of(OURS, b"")
