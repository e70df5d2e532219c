"""What types cannot say of an event: scores against their scales, dates that are dates, a subject that is somebody."""

from datetime import datetime

from shared.events.model import Data, Feedback, Interaction, Profile
from shared.events.promised import EARLIEST, TOO_LATE, promised_instant
from shared.events.refusal import Problem
from shared.metrics.scales import ScaleError, ScoreOutsideScale, check_score, scale_of

PROMISED = "expected an instant with an offset, or a date (2026-11-24), from 1900 to 2999"
AHEAD = "expected a time not more than 24 h in the future"
YEARS = "expected a time from 1900 to 2999"


def broken_rules(
    data: Data | None, subject: str | None, time: datetime | None, *, not_after: datetime | None
) -> list[Problem]:
    """Every rule that a well-typed event breaks; `data` None where it could not be read. On the hot path."""
    problems: list[Problem] = []
    if time is not None:
        _time("time", time, not_after, problems)
    kind = data.__class__
    if kind is Feedback:
        _feedback(data, not_after, problems)  # type: ignore[arg-type]
    elif kind is Interaction:
        _promises(data, problems)  # type: ignore[arg-type]
    elif kind is Profile and subject is None:
        problems.append(Problem("subject", "expected the customer whom this profile describes"))
    if subject is not None and (subject[0] == ":" or subject[-1] == ":"):
        problems.append(Problem("subject", "expected namespace:value, or a bare value"))
    return problems


def _time(path: str, at: datetime, not_after: datetime | None, problems: list[Problem]) -> None:
    if not EARLIEST <= at < TOO_LATE:
        problems.append(Problem(path, YEARS))
    elif not_after is not None and at > not_after:
        problems.append(Problem(path, AHEAD))


def _feedback(data: Feedback, not_after: datetime | None, problems: list[Problem]) -> None:
    if data.experienced_at is not None:
        _time("data.experienced_at", data.experienced_at, not_after, problems)
    for index, answer in enumerate(data.answers):
        try:
            check_score(scale_of(answer.metric, answer.scale), answer.score)
        except ScaleError as error:
            at = ".score" if isinstance(error, ScoreOutsideScale) else ""  # else metric and scale do not go together
            problems.append(Problem(f"data.answers[{index}]{at}", str(error)))


def _promises(data: Interaction, problems: list[Problem]) -> None:
    if data.promised_at is not None and promised_instant(data.promised_at) is None:
        problems.append(Problem("data.promised_at", PROMISED))
    if data.fulfilled_at is not None and promised_instant(data.fulfilled_at) is None:
        problems.append(Problem("data.fulfilled_at", PROMISED))
