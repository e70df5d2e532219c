"""Who holds a customer: the best persona at first, and another one only when it stays the better one (domain.md P3–P7).

Everything here is a function of scores; how they come about is in `weighing`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.scoring.domain.state import Pending
from shared.programme.weigh.rating import Rating

LEAST = 0.5  # score and coverage of a candidate (P3)
AHEAD = 0.1  # how much better another persona must be (P7)
APART = timedelta(hours=24)  # and still be when it is looked at so much later
EQUAL = 1e-9  # differences that are none (P4)
ENOUGH = LEAST - EQUAL


def candidate(ratings: Sequence[Rating], incumbent: str | None) -> Rating | None:
    """P3 and P4: the best of those that qualify. Ties: the incumbent, then coverage, priority, name."""
    fit = [s for s in ratings if s.score >= ENOUGH and s.coverage >= ENOUGH and not s.excluded]
    if len(fit) < 2:
        return fit[0] if fit else None
    best = max(s.score for s in fit)
    tied = [s for s in fit if s.score >= best - EQUAL]
    if len(tied) == 1:
        return tied[0]
    return min(tied, key=lambda s: (s.persona != incumbent, -round(s.coverage, 9), s.priority, s.persona))


def next_holder(
    holder: Rating | None, best: Rating | None, pending: Pending | None, at: datetime
) -> tuple[str | None, Pending | None]:
    """P6 and P7: who holds from now on (None: nobody qualifies), and the change that is pending.

    `holder` is the incumbent, None without one; `best` the candidate. A change that another evaluation must confirm is
    kept with its first instant; evaluations in between that agree with it leave it as it is, any other ends it.
    """
    if holder is None or holder.excluded:
        return (best.persona if best else None), None
    if best is None:
        return _sinking(holder, pending, at)
    if best.persona == holder.persona or best.score < holder.score + AHEAD - EQUAL:
        return holder.persona, None
    if pending is None or pending.persona != best.persona:
        return holder.persona, Pending(best.persona, at)
    return (best.persona, None) if at - pending.at >= APART else (holder.persona, pending)


def _sinking(holder: Rating, pending: Pending | None, at: datetime) -> tuple[str | None, Pending | None]:
    if holder.score >= ENOUGH:
        return holder.persona, None
    if pending is not None and pending.persona is None:
        return None, None
    return holder.persona, Pending(None, at)
