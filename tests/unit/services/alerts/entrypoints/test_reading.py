"""What becomes of a message that could not be taken in."""

import asyncpg
import msgspec
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from services.alerts.entrypoints.reading import What, what_of
from shared.events.told.envelope import read, write
from shared.programme.history import NoProgramme
from tests.letters import MOMENT, OPENED


def by_sqlalchemy(cause: Exception, *, lost: bool = False) -> DBAPIError:
    """As its dialect of asyncpg raises it."""
    translated = Exception(str(cause))
    translated.__cause__ = cause
    return DBAPIError("insert …", {}, translated, connection_invalidated=lost)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (msgspec.DecodeError("no JSON"), What.SET_ASIDE),
        (msgspec.ValidationError("not ours"), What.SET_ASIDE),
        (ValueError("a sequence that is no number"), What.SET_ASIDE),
        (by_sqlalchemy(asyncpg.UntranslatableCharacterError("U+0000")), What.SET_ASIDE),
        (by_sqlalchemy(asyncpg.NotNullViolationError("null")), What.SET_ASIDE),
        (by_sqlalchemy(asyncpg.ProgramLimitExceededError("too long")), What.SET_ASIDE),
        (by_sqlalchemy(asyncpg.ConnectionDoesNotExistError("gone"), lost=True), What.WAIT),
        (by_sqlalchemy(asyncpg.DeadlockDetectedError("deadlock")), What.WAIT),
        (OperationalError("select", {}, None), What.WAIT),  # type: ignore[arg-type]
        (asyncpg.CannotConnectNowError("starting"), What.WAIT),
        (ConnectionRefusedError(), What.WAIT),
        (TimeoutError(), What.WAIT),
        (NoProgramme(), What.WAIT),
        (KeyError("ours"), What.RAISE),
        (RecursionError("maximum recursion depth exceeded"), What.SET_ASIDE),
    ],
)
def test_the_table(error: Exception, what: What) -> None:
    assert what_of(error) is what


def test_a_message_that_is_nested_too_deeply_is_set_aside() -> None:
    """In the envelope as in its data, which is read later."""
    deep = b"[" * 100_000
    value = write(MOMENT, id="e", subject="s", time=OPENED, sequence=1)
    for found in (deep, value.replace(b'"data":{', b'"data":{"more":' + deep)):
        with pytest.raises(Exception) as raised:  # which one it is, is what the table is for
            read(found)
        assert what_of(raised.value) is What.SET_ASIDE
