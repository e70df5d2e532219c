"""How far a process has come, by its own metrics."""

import re

from tests.processes import Service


def folded(worker: Service) -> float:
    """How many events this process has folded since it was started; 0 while it does not answer."""
    return metric(worker, "voc_scoring_events_folded_total")


def behind(worker: Service) -> float:
    """How many events of its partitions wait, as it tells."""
    return metric(worker, "voc_scoring_events_behind")


def halted(worker: Service) -> float:
    """How many of its partitions stopped."""
    return metric(worker, "voc_scoring_partitions_halted")


def metric(worker: Service, name: str) -> float:
    """A metric, with its labels where it has some; 0 while it is not told."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", worker.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0
