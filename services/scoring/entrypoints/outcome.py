"""What becomes of a batch when something goes wrong: the one table from exceptions to outcomes."""

from enum import Enum

import asyncpg
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.scoring.adapters.store import Displaced, Moved, ProgrammeChanged
from shared.postgres import engine as postgres


class Outcome(Enum):
    """A batch was handled; else it is repeated, placed anew, dropped (somebody else has it), or has poison in it."""

    HANDLED = "handled"
    REPEAT = "repeat"
    REPLACE = "replace"
    DROP = "drop"
    POISON = "poison"


_PASSING: tuple[type[BaseException], ...] = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.UniqueViolationError,  # two workers met the same new customer; the second look finds it
    Moved,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby answers until it is promoted
    asyncpg.InvalidAuthorizationSpecificationError,  # at connecting: no event is to blame
    asyncpg.InvalidCatalogNameError,
    asyncpg.InterfaceError,
    InterfaceError,
    PoolTimeout,
    OSError,
    TimeoutError,
)

# A batch may be too large for the server's patience, or meet itself: repeated as it is, it would fail for ever.
_ITS_OWN: tuple[type[BaseException], ...] = (
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.UniqueViolationError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ConnectionDoesNotExistError,  # what is left of a session that the server has ended for its time
    asyncpg.InterfaceError,
    asyncpg.OutOfMemoryError,
    Moved,
)

AWAY: tuple[type[Exception], ...] = (KafkaError, *postgres.AWAY)
"""What Kafka and PostgreSQL raise when they are away or refuse: every loop waits, says so, and looks again."""


def outcome_of(error: BaseException) -> Outcome:
    """The outcome an exception leads to. Whatever is not known to pass is taken for poison, and found by halving."""
    if isinstance(error, Displaced):
        return Outcome.DROP
    if isinstance(error, ProgrammeChanged):
        return Outcome.REPLACE
    if isinstance(error, ValueError):
        return Outcome.POISON  # also where it is one of the driver's InterfaceErrors: a value that it cannot send
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or error.orig is None:
            return Outcome.REPEAT
        cause = error.orig.__cause__ or error.orig
        return Outcome.REPEAT if isinstance(cause, _PASSING) or _is_timeout(cause) else Outcome.POISON
    return Outcome.REPEAT if isinstance(error, _PASSING) or _is_timeout(error) else Outcome.POISON


def may_be_its_own(error: BaseException) -> bool:
    """Whether an error that passes may have its cause in the batch's size or content, and come again with it."""
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
    return isinstance(cause, _ITS_OWN) or _is_timeout(cause)


def _is_timeout(error: BaseException) -> bool:
    return getattr(error, "sqlstate", None) in ("25P03", "25P04", "57P05")  # idle, transaction and session timeouts
