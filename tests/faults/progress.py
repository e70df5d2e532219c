"""How far a scoring process has come, by its own metrics."""

import re

from tests.processes import Service

_FOLDED = re.compile(r"^voc_scoring_events_folded_total (\S+)$", re.MULTILINE)


def folded(worker: Service) -> float:
    """How many events this process has folded since it was started; 0 while it does not answer."""
    found = _FOLDED.search(worker.get("/metrics").text)
    return float(found[1]) if found else 0.0
