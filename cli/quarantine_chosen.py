"""What of the quarantine a command is about: by ids, by what it is like, or all that waits."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared import clock
from shared.errors import VocError


class NotChosen(VocError):
    """It is not clear what is meant; the sentence says what to type."""


def chosen(ids: list[int] | None, *, every: bool, **like: str | None) -> dict[str, Any]:
    """The selection as the API reads it. Raises NotChosen unless it is one of the three."""
    given = {name: text for name, text in like.items() if text is not None}
    if sum((bool(ids), bool(given), every)) != 1:
        raise NotChosen(
            "Name ids, or say which by --source, --door, --reason, --since, --until, or say --all: one of it."
        )
    return {"ids": ids} if ids else {"filter": given}


def instant(text: str | None) -> str | None:
    """An instant in UTC: as it is given (local time without an offset), or so long ago: 30m, 2h, 7d.

    Raises NotChosen.
    """
    if text is None:
        return None
    from shared.programme.durations import seconds

    try:
        found = clock.now() - timedelta(seconds=seconds(text))
    except (ValueError, OverflowError):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise NotChosen(
                f"{text!r} is no time: expected 30m, 2h, 7d, or an instant such as 2026-11-25T08:00Z."
            ) from None
    return found.astimezone(UTC).isoformat()
