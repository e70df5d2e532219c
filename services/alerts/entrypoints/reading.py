"""What becomes of a message that could not be taken in: the one table from exceptions to outcomes."""

from enum import Enum

import asyncpg
import msgspec
from sqlalchemy.exc import DBAPIError

from shared.postgres.engine import AWAY
from shared.programme.history import NoProgramme


class What(Enum):
    """It is tried again, set aside, or the process stops: that is a fault of ours."""

    WAIT = "wait"
    SET_ASIDE = "set aside"
    RAISE = "raise"


_NEVER: tuple[type[BaseException], ...] = (
    msgspec.MsgspecError,  # none of ours, or not for alerts
    ValueError,
    RecursionError,  # lists in lists in lists: msgspec goes no deeper than Python
    asyncpg.DataError,  # a U+0000 in a text, a number beyond its column
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
)


def what_of(error: Exception) -> What:
    """The outcome. A message that the database will refuse again is not worth waiting for."""
    cause: BaseException | None = error
    if isinstance(error, DBAPIError) and error.orig is not None and not error.connection_invalidated:
        cause = error.orig.__cause__ or error.orig
    if isinstance(cause, _NEVER):
        return What.SET_ASIDE
    return What.WAIT if isinstance(error, (NoProgramme, *AWAY)) else What.RAISE
