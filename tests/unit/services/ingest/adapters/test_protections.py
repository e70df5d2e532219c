"""What the programme in force says of personal data, by source; where it cannot be done, nothing gets in."""

from datetime import UTC, datetime
from pathlib import Path
from threading import get_ident

import msgspec
import pytest

from services.ingest.adapters.protections import MOMENT_BYTES, Protections
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.protection import Closed, Protection
from shared.events.read import read
from shared.programme.history import Version
from shared.programme.model import Pattern, Privacy, Programme, Source

KEY = "k" * 32
RAW = msgspec.json.encode(
    {
        "specversion": "1.0",
        "id": "1",
        "source": "urn:shop",
        "type": "voc.feedback",
        "subject": "email:ana@example.com",
        "data": {"comment": "ana@example.com §"},
    }
)


def version(privacy: Privacy | None, *sources: Source) -> Version:
    programme = Programme(name="Shop", timezone="UTC", privacy=privacy, sources=sources)
    return Version(1, None, datetime(2026, 1, 1, tzinfo=UTC), "", programme)


def value(protection: Protection | None) -> str:
    return RAW.decode() if protection is None else protection.of_event(RAW, read(RAW))[1].decode()


async def test_before_the_programme_is_known_nothing_gets_in() -> None:
    known = False
    protections = Protections(lambda: known)
    with pytest.raises(NotNow, match="cannot be looked up yet"):
        value(protections.door)
    assert await protections.check() == "waiting for PostgreSQL: the programme is not known yet"
    known = True
    assert await protections.check() is None
    assert value(protections.door) == value(protections.of("shop")) == RAW.decode(), "there is no programme yet"


def test_what_others_are_told_is_redacted_as_texts_are() -> None:
    protections = Protections(lambda: True)
    reason = "expected a number, found 'ana@example.com'"
    assert protections.said("shop", reason) == reason
    own = Source(source="shop", redact=())
    protections.take_up(version(Privacy(region="DE", redact=("email",)), own))
    assert protections.said("other", reason) == "expected a number, found '[EMAIL]'"
    assert protections.said("shop", reason) == reason, "its texts stay as they are"
    protections.take_up(version(Privacy(region="DE", pseudonymise=("email",), key="env:VOC_NOT_THERE")))
    assert "ana" not in protections.said("shop", reason)


async def test_what_takes_longer_than_a_moment_leaves_the_door_alone() -> None:
    protections = Protections(lambda: True)
    assert await protections.apart(MOMENT_BYTES + 1, get_ident) == get_ident(), "there is nothing to be done"
    protections.take_up(version(Privacy(region="DE", redact=("email",))))
    assert await protections.apart(MOMENT_BYTES, get_ident) == get_ident()
    assert await protections.apart(MOMENT_BYTES + 1, get_ident) != get_ident()
    with pytest.raises(NotNow):
        await protections.apart(MOMENT_BYTES + 1, lambda: value(Closed("no-privacy")))


async def test_where_nothing_is_said_nothing_is_done() -> None:
    protections = Protections(lambda: True)
    protections.take_up(version(None))
    assert protections.door is protections.of("shop") is None
    protections.take_up(version(Privacy(region="DE", keep=("a",))))
    assert protections.door is None
    assert await protections.check() is None


def test_a_source_may_redact_otherwise_but_not_without_pseudonyms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_TEST_PSEUDONYM_KEY", KEY)
    privacy = Privacy(
        redact=("email",),
        patterns=(Pattern(name="SECTION", matches="§"),),
        pseudonymise=("email",),
        key="env:VOC_TEST_PSEUDONYM_KEY",
    )
    protections = Protections(lambda: True)
    protections.take_up(
        version(privacy, Source(source="open", topic="t", redact=()), Source(source="usual", topic="u"))
    )
    assert "[EMAIL] [SECTION]" in value(protections.door)
    assert protections.of("usual") is protections.of("unheard-of") is protections.door
    assert '"ana@example.com [SECTION]"' in value(protections.of("open"))
    assert "email:~" in value(protections.of("open"))


async def test_without_a_key_every_door_is_closed_until_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "key"
    held = version(Privacy(pseudonymise=("email",), key=f"file:{file}"), Source(source="open", topic="t", redact=()))
    protections = Protections(lambda: True)
    protections.take_up(held)
    for protection in (protections.door, protections.of("open")):
        with pytest.raises(NotNow, match="cannot be done just now"):
            value(protection)
    assert await protections.check() == f"The key of pseudonyms is not there: ingest needs it in file:{file}."
    file.write_text("short\n")
    protections.take_up(held)
    assert "shorter than 32 characters" in str(await protections.check())
    file.write_text(f"{KEY}\n")
    protections.take_up(held)
    assert await protections.check() is None
    assert "email:~" in value(protections.door)


async def test_a_pattern_that_this_version_does_not_take_closes_the_doors() -> None:
    protections = Protections(lambda: True)
    protections.take_up(version(Privacy(redact=("email",), keep=("(a+)+",))))
    with pytest.raises(NotNow):
        value(protections.door)
    assert "256 ways" in str(await protections.check())
