"""A bridge's record that was set aside comes in again: at the same place, by its source's map of now."""

import re
from collections.abc import Callable, Iterable

from services.ingest.domain.again import Again, Way
from services.ingest.domain.bridged import Reading, become
from services.ingest.domain.foreign import Foreign
from services.ingest.domain.kept import Kept
from shared.errors import VocError
from shared.events.refusal import Problem, Refused
from shared.kafka.quarantine import RECORD_CUT, RECORD_GENERATION, RECORD_HEADER, RECORD_KEY, RECORD_TIMESTAMP, carried
from shared.programme.source import Source

_ORIGIN = re.compile(r"(.+)\[(\d+)\]@(\d+)", re.ASCII)


def way(sources: Callable[[], Iterable[Source]], *, most_bytes: int) -> Way:
    """The way of the door `bridge`: `sources` are those of the programme in force."""
    last: list[Reading] = []  # a replay is mostly of one source, whose map is compiled once

    def by_bridge(kept: Kept) -> Again:
        source = next((one for one in sources() if one.source == kept.source and one.topic is not None), None)
        if source is None:
            said = f"the programme in force has no topic for {kept.source!r}: add it to sources.yaml and apply it"
            raise Refused([Problem("", said)])
        if not last or last[0].source != source:
            last[:] = [_reading(source, most_bytes)]
        became = become(_record(kept), last[0], generation=_number(kept, RECORD_GENERATION, 1), now=kept.first_seen)
        return Again(became.events, [])

    return by_bridge


def _reading(source: Source, most_bytes: int) -> Reading:
    try:
        return Reading(source, most_bytes)
    except VocError as error:
        raise Refused([Problem("", f"the map of {source.source}: {error}")]) from error


def _record(kept: Kept) -> Foreign:
    """As the bridge read it."""
    place = _ORIGIN.fullmatch(kept.origin)
    if place is None:
        raise Refused([Problem("", f"{kept.origin!r} is no record of a topic")])
    cut = _number(kept, RECORD_CUT, 0)
    if cut:
        said = f"{cut} of the key and headers of {kept.origin} were too large to keep: have it written again with less"
        raise Refused([Problem("", said)])
    return Foreign(
        topic=place[1],
        partition=int(place[2]),
        offset=int(place[3]),
        timestamp=_number(kept, RECORD_TIMESTAMP, -1),
        key=kept.header(RECORD_KEY),
        value=kept.value,
        headers=tuple(carried(kept.headers, RECORD_HEADER)),
    )


def _number(kept: Kept, header: str, usual: int) -> int:
    found = kept.header(header)
    return usual if found is None or not re.fullmatch(rb"-?[0-9]{1,18}", found) else int(found)
