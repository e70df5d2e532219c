"""What a new version of the programme leaves behind: measures that it has no more, and moments with another owner."""

from collections.abc import Iterable, Mapping

from services.scoring.domain.declared import Declared, MeasureKey
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing, put_off
from shared.metrics.worst import RED


def gone(standings: Mapping[MeasureKey, Standing], on_map: Iterable[Declared]) -> set[MeasureKey]:
    """The measures that are on no map any more. One with another window is another measure: the former one stands for
    its moment until all that the map has of it are decided, so that a new window is no news by itself."""
    declared = {measure.key for measure in on_map}
    waited_for = {_moment(key) for key in declared if undecided(standings.get(key))}
    return {key for key in standings.keys() - declared if _moment(key) not in waited_for}


def undecided(standing: Standing | None) -> bool:
    """Whether nothing can be said of a measure yet, not even that too little is known."""
    return standing is None or standing.told is None or put_off(standing)


def readdressed(moments: Mapping[MomentKey, MomentStanding], on_map: Iterable[Declared]) -> set[MomentKey]:
    """The moments that somebody else answers for than was told; or, of those that are red, who is told elsewhere."""
    found = set()
    for measure in on_map:
        known = moments.get(moment_of(measure))
        if known is None or known.major != measure.key.major:
            continue
        elsewhere = known.status == RED and known.notify is not None and known.notify != measure.notify
        if known.owner != measure.owner or elsewhere:
            found.add(moment_of(measure))
    return found


def moment_of(measure: Declared) -> MomentKey:
    """The moment that a measure belongs to."""
    return MomentKey(measure.key.journey, measure.key.touchpoint)


def _moment(key: MeasureKey) -> tuple[str, int, str]:
    return key.journey, key.major, key.touchpoint
