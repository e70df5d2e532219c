"""The table of parts, and what settings make of it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from deploy.local.failure import StackError
from deploy.local.home import Home
from deploy.local.part import DATABASE, KAFKA, PARTS, SLACK_API, SMTP, Part, chosen, surroundings, with_needs


def names(parts: Iterable[Part]) -> list[str]:
    return [part.name for part in parts]


def test_ports_are_different_and_needs_are_parts_listed_before() -> None:
    assert len({part.port for part in PARTS.values()}) == len(PARTS)
    listed = list(PARTS)
    for part in PARTS.values():
        assert set(part.needs) <= set(listed[: listed.index(part.name)])


def test_the_ports_are_those_that_other_programs_are_written_against() -> None:
    assert {name: part.port for name, part in PARTS.items()} == {
        "kafka": 39092,
        "postgres": 35432,
        "inbox": 8090,
        "ingest": 8080,
        "scoring": 8083,
        "insights": 8082,
        "alerts": 8081,
    }


def test_a_variable_moves_a_part() -> None:
    assert PARTS["ingest"].port_in({"VOC_INGEST_PORT": "18080"}) == 18080
    assert PARTS["ingest"].port_in({"VOC_INGEST_PORT": ""}) == 8080


@pytest.mark.parametrize("given", ["http", "-1", "0", "65536", "80.5"])
def test_a_port_that_is_none_is_refused_by_name(given: str) -> None:
    with pytest.raises(StackError, match="VOC_KAFKA_PORT"):
        PARTS["kafka"].port_in({"VOC_KAFKA_PORT": given})


def test_without_names_all_parts_are_chosen_in_the_order_of_the_table() -> None:
    assert names(chosen([])) == list(PARTS)
    assert names(chosen(["scoring", "kafka"])) == ["kafka", "scoring"]


def test_an_unknown_part_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(StackError, match=r"'kafak'.*kafka, postgres"):
        chosen(["kafak"])


def test_a_service_brings_what_it_needs() -> None:
    here, elsewhere = with_needs(chosen(["insights"]), {})
    assert names(here) == ["postgres", "insights"]
    assert elsewhere == []


def test_an_address_that_is_given_comes_first() -> None:
    given = {KAFKA: "broker:9092"}
    here, elsewhere = with_needs(chosen(["ingest"]), given)
    assert names(here) == ["postgres", "ingest"]
    assert [(part.name, address) for part, address in elsewhere] == [("kafka", "broker:9092")]


def test_services_are_told_the_stacks_addresses_and_the_generated_password(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    found = surroundings(home, {"VOC_POSTGRES_PORT": "45000"})
    password = (tmp_path / "postgres" / "password").read_text()
    assert len(password) >= 24
    assert found[DATABASE] == f"postgresql://voc:{password}@127.0.0.1:45000/voc"
    assert found[KAFKA] == "127.0.0.1:39092"
    assert found["VOC_HOME"] == str(tmp_path)
    assert surroundings(home, {})[DATABASE].count(password) == 1, "the password stays what it was"


def test_services_are_told_the_given_addresses(tmp_path: Path) -> None:
    given = {KAFKA: "broker:9092", DATABASE: "postgresql://a:b@c/d"}
    found = surroundings(Home.at(tmp_path), given)
    assert {name: found[name] for name in given} == given


def test_services_are_told_how_to_send_to_the_inbox(tmp_path: Path) -> None:
    found = surroundings(Home.at(tmp_path), {"VOC_INBOX_PORT": "18090", "VOC_INBOX_SMTP_PORT": "18091"})
    token = (tmp_path / "inbox" / "token").read_text()
    assert found[SLACK_API] == "http://127.0.0.1:18090/api/"
    assert found["VOC_SLACK_TOKEN"] == token
    assert found[SMTP] == "smtp://127.0.0.1:18091"
    assert "@" in found["VOC_SMTP_FROM"]
    assert surroundings(Home.at(tmp_path), {})["VOC_SLACK_TOKEN"] == token, "the token stays what it was"


def test_a_real_slack_is_never_sent_the_local_token_and_mails_still_go_to_the_inbox(tmp_path: Path) -> None:
    found = surroundings(Home.at(tmp_path), {SLACK_API: "https://slack.com/api/"})
    assert found[SLACK_API] == "https://slack.com/api/"
    assert "VOC_SLACK_TOKEN" not in found
    assert found[SMTP] == "smtp://127.0.0.1:8091"


def test_the_inbox_runs_elsewhere_where_both_its_addresses_are_given() -> None:
    both = {SLACK_API: "https://slack.com/api/", SMTP: "smtps://mail.example:465"}
    here, elsewhere = with_needs([PARTS["inbox"]], both)
    assert here == []
    assert [address for _, address in elsewhere] == ["https://slack.com/api/ and smtps://mail.example:465"]
    assert names(with_needs([PARTS["inbox"]], {SMTP: both[SMTP]})[0]) == ["inbox"]


def test_messages_link_to_pages_that_open_without_a_key(tmp_path: Path) -> None:
    found = surroundings(Home.at(tmp_path), {"VOC_INBOX_PORT": "18090"})
    assert found["VOC_BOARD_URL"] == "http://127.0.0.1:18090/look"
    theirs = {"VOC_BOARD_URL": "https://voc.example"}
    assert surroundings(Home.at(tmp_path), theirs)["VOC_BOARD_URL"] == "https://voc.example"
