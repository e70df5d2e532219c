"""What passes is repeated; what would fail again in the same way is poison, and found by halving."""

import asyncpg
import pytest
from asyncpg.exceptions import _base
from sqlalchemy.exc import DBAPIError

from services.scoring.adapters.store import Displaced, Moved, ProgrammeChanged
from services.scoring.entrypoints.outcome import Outcome, may_be_its_own, outcome_of


def wrapped(error: Exception) -> DBAPIError:
    """As SQLAlchemy hands on what the driver raised."""
    adapted = Exception(str(error))
    adapted.__cause__ = error
    return DBAPIError("select", {}, adapted)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Displaced("x"), Outcome.DROP),
        (ProgrammeChanged("x"), Outcome.REPLACE),
        (Moved("x"), Outcome.REPEAT),
        (asyncpg.DeadlockDetectedError("x"), Outcome.REPEAT),
        (wrapped(asyncpg.LockNotAvailableError("x")), Outcome.REPEAT),
        (asyncpg.UniqueViolationError("x"), Outcome.REPEAT),
        (asyncpg.InterfaceError("connection is closed"), Outcome.REPEAT),
        (ConnectionResetError("x"), Outcome.REPEAT),
        (TimeoutError("x"), Outcome.REPEAT),
        (asyncpg.NumericValueOutOfRangeError("x"), Outcome.POISON),
        (wrapped(asyncpg.DatetimeFieldOverflowError("x")), Outcome.POISON),
        (_base.DataError("value out of int32 range"), Outcome.POISON),
        (KeyError("x"), Outcome.POISON),
    ],
    ids=lambda value: value.name if isinstance(value, Outcome) else type(value).__name__,
)
def test_every_error_has_its_outcome(error: Exception, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome


@pytest.mark.parametrize(
    ("error", "own"),
    [
        (asyncpg.QueryCanceledError("x"), True),
        (wrapped(asyncpg.IdleInTransactionSessionTimeoutError("x")), True),
        (asyncpg.UniqueViolationError("x"), True),
        (Moved("x"), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (ConnectionRefusedError("x"), False),
        (TimeoutError("x"), False),
        (asyncpg.CannotConnectNowError("x"), False),
        (asyncpg.DiskFullError("x"), False),
    ],
    ids=lambda value: str(value) if isinstance(value, bool) else type(value).__name__,
)
def test_what_may_come_again_with_the_batch_is_told_from_an_outage(error: Exception, own: bool) -> None:
    assert outcome_of(error) is Outcome.REPEAT
    assert may_be_its_own(error) is own
