"""What becomes of a message that could not be taken in."""

import asyncpg
import msgspec
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from services.alerts.entrypoints.reading import What, what_of
from shared.programme.history import NoProgramme


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
    ],
)
def test_the_table(error: Exception, what: What) -> None:
    assert what_of(error) is what
