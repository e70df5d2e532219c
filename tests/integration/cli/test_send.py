"""`voc send` as it is typed, through a real door into a real Kafka."""

import csv
import json
import re
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from shared.kafka.topics import EVENTS
from tests.integration.cli.moody_door import MoodyDoor, at_the_door
from tests.integration.services.ingest.door import Door, Written, event, open_door
from tests.processes import ROOT, eventually, free_port

UNAVAILABLE = (503, {"Retry-After": "0"}, b'{"detail":"Kafka does not answer."}')


@pytest.fixture(scope="module")
def door(kafka_bootstrap: str, database_url: str, workshop: Path) -> Iterator[Door]:
    with open_door(kafka_bootstrap, database_url, workshop) as opened:
        yield opened


@pytest.fixture
def written(door: Door) -> Written:
    return Written(door.kafka, EVENTS.name)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOC_HOME", str(tmp_path / "home"))
    for name in ("VOC_KEY", "VOC_INGEST_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def send(door: Door | str, *words: str | Path, **options: Any) -> Result:
    """`voc send`, to the door with its key, or to an address with a key that is none."""
    url, key = (door, "voc_any") if isinstance(door, str) else (door.service.url, door.key)
    return voc("send", "--url", url, "--key", key, *words, **options)


def voc(*words: str | Path, **options: Any) -> Result:
    return CliRunner().invoke(app, [*map(str, words)], **options)


def lines(path: Path, events: list[Any]) -> Path:
    path.write_text("".join((e if isinstance(e, str) else json.dumps(e)) + "\n" for e in events))
    return path


def test_every_line_arrives_as_it_stands_each_customers_in_order(door: Door, written: Written, tmp_path: Path) -> None:
    sent = [event(id=f"{n}", subject=f"crm:{n % 40}", own={"of mine": n}) for n in range(4000)]
    done = send(door, lines(tmp_path / "events.ndjson", sent))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("4,000 events accepted, 0 refused, in ")
    found = defaultdict(list)
    for record in written.records():
        found[record.key.decode()].append(json.loads(record.value))
    assert found == {f"crm:{n}": [e for e in sent if e["subject"] == f"crm:{n}"] for n in range(40)}
    assert not list((tmp_path / "home" / "send").iterdir()), "a finished run leaves no bookmark"


def test_what_is_refused_is_told_with_its_line_and_its_reasons(door: Door, written: Written, tmp_path: Path) -> None:
    wrong = event(id="wrong", type="voc.feedback", data={"answers": [{"metric": "nps", "score": 11}]})
    file = lines(tmp_path / "events.ndjson", [event(id="1"), '{"id": "cut', wrong, "[7]", event(id="5")])
    done = send(door, file, "--refused", tmp_path / "refused.ndjson")
    assert done.exit_code == 1
    assert done.stdout.startswith("2 events accepted, 3 refused, in ")
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["line 2", "line 3", "line 4"]
    assert "line 3: data.answers[0].score: " in done.stderr
    cut, scored, listed = map(json.loads, (tmp_path / "refused.ndjson").read_text().splitlines())
    assert (cut["file"], cut["line"], cut["text"]) == (str(file), 2, '{"id": "cut')
    assert (scored["line"], scored["event"]) == (3, wrong)
    assert scored["problems"][0]["path"] == "data.answers[0].score"
    assert listed["event"] == [7]
    assert [json.loads(record.value)["id"] for record in written.records()] == ["1", "5"]


def test_nothing_taken_is_the_same_answer(door: Door, tmp_path: Path) -> None:
    done = send(door, lines(tmp_path / "events.ndjson", [event(type="voc.unheard"), event(specversion="0.3")]))
    assert done.exit_code == 1
    assert done.stdout.startswith("0 events accepted, 2 refused")


def test_csv_by_its_header(door: Door, written: Written, tmp_path: Path) -> None:
    with (tmp_path / "answers.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["subject", "time", "touchpoint", "answers.nps", "comment", "data.own"])
        rows.writerow(["email:ana@mail.example", "2026-05-01T10:00:00Z", "checkout", "9", 'Good, "really"\nso', "07"])
        rows.writerow(["", "2026-05-01T11:00:00Z", "checkout", "11", "", ""])
    done = send(door, tmp_path / "answers.csv", "--type", "voc.feedback", "--source", "survey")
    assert done.exit_code == 1
    assert "line 4: data.answers[0].score: " in done.stderr, "lines are the file's, not the table's"
    (record,) = written.records()
    found = json.loads(record.value)
    assert len(found.pop("id")) == 32
    assert found == {
        "specversion": "1.0",
        "type": "voc.feedback",
        "source": "survey",
        "subject": "email:ana@mail.example",
        "time": "2026-05-01T10:00:00Z",
        "data": {
            "touchpoint": "checkout",
            "answers": [{"metric": "nps", "score": 9}],
            "comment": 'Good, "really"\nso',
            "own": "07",
        },
    }


def test_a_column_unheard_of_sends_nothing(door: Door, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("id,custmer\n1,crm:1\n")
    done = send(door, tmp_path / "answers.csv")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "'custmer' is no field of an event" in done.stderr


def test_standard_input(door: Door, written: Written) -> None:
    words = [sys.executable, "-m", "cli.main", "send", "-", "--url", door.service.url, "--key", door.key]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps(event(id="piped")) + "\n")
        process.stdin.flush()
        eventually(lambda: written.records(), within=60)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130, "though its input is still open"
        assert "Standard input cannot be resumed" in process.stderr.read()
    assert [json.loads(record.value)["id"] for record in written.records()] == ["piped"]
    assert send(door, "-", "--rebase", "now", input="").exit_code == 1


def test_rebase_over_several_files(door: Door, written: Written, tmp_path: Path) -> None:
    began = datetime.now(UTC)
    last = event(id="last", time="2017-05-02T12:00:00Z")
    placed = event(id="first", time="2017-05-01T10:00:00+02:00", data={"action": "placed", "promised_at": "2017-05-04"})
    files = [lines(tmp_path / "a.ndjson", [last]), lines(tmp_path / "b.ndjson", [placed])]
    assert send(door, *files, "--rebase", "now").exit_code == 0
    found = {(e := json.loads(record.value))["id"]: e for record in written.records()}
    at = datetime.fromisoformat(found["last"]["time"])
    assert began - timedelta(seconds=1) <= at <= datetime.now(UTC)
    first_at = datetime.fromisoformat(found["first"]["time"])
    assert at - first_at == timedelta(hours=28)
    assert first_at.utcoffset() == timedelta(hours=2)
    promised = datetime.fromisoformat(found["first"]["data"]["promised_at"]).date()
    assert promised - at.date() in (timedelta(days=2), timedelta(days=3))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--key", "voc_wrong"], "does not let this key in (401)"),
        (["--url", f"http://127.0.0.1:{free_port()}"], "does not take events ("),
        (["--url", "127.0.0.1:8080"], "is no address of a door"),
    ],
)
def test_a_door_that_does_not_open_is_a_sentence(door: Door, tmp_path: Path, words: list[str], said: str) -> None:
    done = send(door, lines(tmp_path / "events.ndjson", [event()]), *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert "At least 0 events were accepted before. The same command goes on where it was." in done.stderr


def test_a_key_is_wanted_for_any_door_but_the_local_stacks(tmp_path: Path) -> None:
    file = lines(tmp_path / "events.ndjson", [event()])
    done = voc("send", file, "--url", "http://voc.example")
    assert done.exit_code == 1
    assert "This door wants a key" in done.stderr


def test_the_local_stacks_own_key_is_made_once(
    door: Door, written: Written, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOC_INGEST_PORT", str(door.service.port))
    monkeypatch.setenv("VOC_DATABASE_URL", door.database_url)
    file = lines(tmp_path / "events.ndjson", [event()])
    assert voc("send", file).exit_code == 0
    kept = home / "keys" / "ingest"
    key = kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert voc("send", file).exit_code == 0
    assert kept.read_text() == key
    (own,) = [kept["name"] for kept in json.loads(voc("key", "list", "--json").stdout) if kept["name"][:5] == "local"]
    assert voc("key", "revoke", own).exit_code == 0
    assert voc("send", file).exit_code == 0, "another one is made"
    assert kept.read_text() != key
    assert len(written.records()) == 3


def test_files_that_are_none(door: Door, tmp_path: Path) -> None:
    for path, said in ((tmp_path / "nowhere", "there is no such file"), (tmp_path, "it is a folder")):
        done = send(door, path)
        assert done.exit_code == 1
        assert said in done.stderr


def test_a_door_that_asks_for_patience_gets_it(tmp_path: Path) -> None:
    file = lines(tmp_path / "events.ndjson", [event(id=str(n), subject="crm:1") for n in range(3)])
    door = MoodyDoor(UNAVAILABLE, (429, {"Retry-After": "1"}, b""), (502, {}, b"<html>"))
    with at_the_door(door) as url:
        done = send(url, file)
    assert done.exit_code == 0, done.stderr
    assert (door.requests, door.taken) == (4, ["0", "1", "2"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_door_on_this_machine_is_reached_by_no_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with at_the_door(MoodyDoor()) as url:
        done = send(url.replace("127.0.0.1", host), lines(tmp_path / "events.ndjson", [event()]))
    assert done.exit_code == 0, done.stderr


def test_a_door_that_takes_less_at_once_gets_less(tmp_path: Path) -> None:
    file = lines(tmp_path / "events.ndjson", [event(id=str(n), subject="crm:1") for n in range(50)])
    door = MoodyDoor(most_events=10)
    with at_the_door(door) as url:
        done = send(url, file)
    assert done.stdout.startswith("50 events accepted, 0 refused")
    assert door.taken == [str(n) for n in range(50)], "in order"


def test_what_answers_there_may_be_no_door(tmp_path: Path) -> None:
    file = lines(tmp_path / "events.ndjson", [event()])
    with at_the_door(MoodyDoor((404, {}, b"nothing here"))) as url:
        done = send(url, file)
    assert done.exit_code == 1
    assert "is not a door for events: it answered 404" in done.stderr


def test_a_killed_run_goes_on_where_it_was(door: Door, written: Written, home: Path, tmp_path: Path) -> None:
    sent = [event(id=str(n), subject=f"crm:{n % 500}") for n in range(40_000)]
    sent[100] = event(id="refused", type="voc.unheard")
    file, refused = lines(tmp_path / "events.ndjson", sent), tmp_path / "refused.ndjson"
    words = [str(file), "--url", door.service.url, "--key", door.key, "--refused", str(refused), "--rebase", "now"]
    process = subprocess.Popen([sys.executable, "-m", "cli.main", "send", *words], cwd=ROOT, stdout=subprocess.PIPE)
    eventually(lambda: any((home / "send").glob("[0-9a-f]*.json")) and _bookmark(home)["offset"], within=60)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    shift = _bookmark(home)["shift_seconds"]
    assert 0 < _bookmark(home)["offset"] < file.stat().st_size

    done = send(door, *words)
    assert "Going on behind line" in done.stderr
    assert "line 101: type: " in done.stderr, "what the first run found is told too"
    assert done.exit_code == 1
    assert re.match(r"39,999 events accepted, 1 refused, [\d,]+ of them by this run, in ", done.stdout)
    assert [json.loads(line)["line"] for line in refused.read_text().splitlines()] == [101]
    times = defaultdict(set)
    for record in written.records():
        found = json.loads(record.value)
        times[found["id"]].add(datetime.fromisoformat(found["time"]))
    assert times.keys() == {e["id"] for e in sent} - {"refused"}
    moved = datetime.fromisoformat(sent[0]["time"]) + timedelta(seconds=shift)
    assert set.union(*times.values()) == {moved}, "both runs moved them alike"


def test_a_run_that_was_sent_away_goes_on_or_from_the_start(home: Path, tmp_path: Path) -> None:
    file = lines(tmp_path / "events.ndjson", [event(id=str(n), subject=f"crm:{n}") for n in range(12_000)])
    door = MoodyDoor(shuts_after=9000)
    with at_the_door(door) as url:
        assert "The same command goes on where it was" in send(url, file).stderr
        before = _bookmark(home)["accepted"]
        assert 0 < before <= len(door.taken) < 12_000
        again = send(url, file)
        assert f"{before:,} events were accepted before" in again.stderr, "still shut"
        door.shuts_after, door.taken[:] = 1_000_000, []
        done = send(url, file, "--from-start")
    assert done.stdout.startswith("12,000 events accepted")
    assert {str(n) for n in range(12_000)} == set(door.taken)


def test_a_run_that_goes_on_with_another_file_of_refusals_begins_it(home: Path, tmp_path: Path) -> None:
    wrong = ["cut", *(json.dumps(event(id=str(n), own="x" * 300)) for n in range(6000)), *["cut"] * 11]
    file, other = lines(tmp_path / "events.ndjson", wrong), tmp_path / "other.ndjson"
    other.write_text("somebody's notes, longer than what was refused" * 20)
    door = MoodyDoor(shuts_after=2000)
    with at_the_door(door) as url:
        assert send(url, file, "--refused", tmp_path / "first.ndjson").exit_code == 1
        assert _bookmark(home)["refused"] == 1
        door.shuts_after = 1_000_000
        done = send(url, file, "--refused", other)
    assert f"stay in {tmp_path / 'first.ndjson'}; {other} has those from here on" in done.stderr
    assert f"… and 2 more; {other} has them, with reasons." in done.stderr
    assert len((tmp_path / "first.ndjson").read_text().splitlines()) == 1
    assert [json.loads(line)["line"] for line in other.read_text().splitlines()] == list(range(6002, 6013))


def test_a_rebased_run_that_got_no_answer_goes_on_with_its_shift(home: Path, tmp_path: Path) -> None:
    file = lines(tmp_path / "events.ndjson", [event(id="1", time="2017-05-02T12:00:00Z")])
    door = MoodyDoor((202, {}, b"cut off"), shuts_after=0)
    with at_the_door(door) as url:
        assert send(url, file, "--rebase", "now").exit_code == 1
        bookmark = _bookmark(home)
        assert (bookmark["offset"], bookmark["accepted"]) == (0, 0)
        (path,) = (home / "send").glob("[0-9a-f]*.json")
        path.write_text(json.dumps({**bookmark, "shift_seconds": 86_400}))  # as if a day's run had chosen it
        again = send(url, file, "--rebase", "now")
        assert "Moving by the shift of the run that stopped" in again.stderr
        assert _bookmark(home)["shift_seconds"] == 86_400
        send(url, file, "--rebase", "now", "--from-start")
    assert _bookmark(home)["shift_seconds"] == pytest.approx(bookmark["shift_seconds"], abs=600)


def _bookmark(home: Path) -> dict[str, Any]:
    (path,) = (home / "send").glob("[0-9a-f]*.json")
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found
