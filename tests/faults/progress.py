"""How far a scoring process has come, by its own metrics."""

import re

from tests.processes import Service


def folded(worker: Service) -> float:
    """How many events this process has folded since it was started; 0 while it does not answer."""
    return _of(worker, "voc_scoring_events_folded_total")


def behind(worker: Service) -> float:
    """How many events of its partitions wait, as it tells."""
    return _of(worker, "voc_scoring_events_behind")


def halted(worker: Service) -> float:
    """How many of its partitions stopped."""
    return _of(worker, "voc_scoring_partitions_halted")


def _of(worker: Service, metric: str) -> float:
    found = re.search(rf"^{metric} (\S+)$", worker.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0
