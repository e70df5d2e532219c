"""A decision taken again, from nothing but what is kept of it."""

from datetime import datetime

from services.scoring.domain.declared import Declared
from services.scoring.domain.evidence import Counted, evidence
from services.scoring.domain.status import Decision, Proof, tick
from services.scoring.domain.verdict import Record
from shared.programme.journey import Measure
from tests.unit.services.scoring.domain.maps import of


def proved_again(record: Record, metric: str, stat: str | None, window: int) -> Proof | None:
    """What its counts prove."""
    return evidence(_measure(record, metric, stat, window), Counted(record.long, record.short)).proof


def decided_again(record: Record, proof: Proof | None, *, at: datetime, metric: str, window: int) -> Decision:
    """What the rule makes of that."""
    length = _measure(record, metric, None, window).window
    return tick(record.before, proof, record.thresholds, at=at, window=length)


def _measure(record: Record, metric: str, stat: str | None, window: int) -> Declared:
    """Its thresholds are in the record; here they are none."""
    (found,) = of(Measure(metric=metric, stat=stat, window=window, at_least=record.at_least))
    return found
