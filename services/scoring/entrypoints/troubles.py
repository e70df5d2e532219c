"""What the programme's admin is told in a round: decisions without complete counts, and who has fallen silent."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.scoring.adapters.statuses import StatusRound
from services.scoring.domain.declared import touchpoints
from services.scoring.domain.silence import KINDS, Heard, off_the_map, quiet, silent
from services.scoring.domain.standing import Standing
from services.scoring.domain.trouble import HELD, held, news
from shared.programme.model import Programme


async def tell_of_late_ones(
    turn: StatusRound, decided: Iterable[Standing], at: datetime, *, caught_up: bool, programme: Programme
) -> None:
    """Tell when decisions go on by what is known so far, and when scoring has caught up."""
    before = {name: one for name, one in (await turn.troubles()).items() if name == HELD}
    late = [one for one in decided if one.incomplete]
    now = held(before.get(HELD), late, caught_up=caught_up, owner=programme.admin)
    await turn.tell_troubles(news(before, [now] if now else []), at)


async def tell_of_silent_ones(
    turn: StatusRound, voices: Sequence[Heard], at: datetime, *, programme: Programme
) -> None:
    """Tell who has fallen silent, and who speaks again. While scoring is behind everybody seems to be silent. `voices`
    are from before the turn: who seems to be silent by them may have spoken since."""
    before = {name: one for name, one in (await turn.troubles()).items() if one.kind in KINDS}
    on_map = touchpoints(programme)
    voices = await turn.heard_last(quiet(voices, at, on_map))
    now = silent(voices, at, touchpoints=on_map, owner=programme.admin)
    await turn.tell_troubles(news(before, now, removed=off_the_map(before, on_map)), at)
