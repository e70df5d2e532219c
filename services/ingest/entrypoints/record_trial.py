"""What a record of a source's topic would become, without one being written: the other half of `trial`."""

import msgspec

from services.ingest.domain.bridged import Became, Reading, become
from services.ingest.domain.foreign import Foreign
from services.ingest.entrypoints.trial import Trial, Tried, body_of
from shared.clock import Clock
from shared.errors import VocError
from shared.events.refusal import Problem, Refused
from shared.programme.source import Source

IGNORED = {"tombstone": "a record without a value says nothing", "nothing": "the map yields nothing for it"}


def tried_record(trial: Trial, source: Source, clock: Clock, *, most_bytes: int) -> Tried:
    """Read it as the first record of the topic, written now. Raises HttpProblem for a body that is not base64."""
    now = clock()
    headers = tuple((name, value.encode()) for name, value in trial.headers.items())
    record = Foreign(source.topic or "", 0, 0, int(now.timestamp() * 1000), None, body_of(trial.body), headers)
    problems: list[Problem] = []
    became = Became([])
    try:
        became = become(record, Reading(source, most_bytes), generation=1, now=now)
    except Refused as refused:
        problems = refused.problems
    except VocError as error:
        problems = [Problem("", str(error))]
    return Tried(
        source=source.source,
        provider=None,
        topic=source.topic,
        proof=None,
        events=[msgspec.json.decode(value) for _, value in became.events],
        problems=problems,
        ignored=[] if became.dropped is None else [IGNORED[became.dropped]],
    )
