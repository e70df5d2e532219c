"""How much of what is sent reaches no step of the map: nothing fails for it, so nobody would notice."""

import http.client

from deploy.local import port as ports

_OFF, _ALL = "voc_scoring_events_off_map_total", "voc_scoring_events_folded_total"


def off_map(port: int) -> str | None:
    """A sentence by the metrics of the scoring that listens there; None where all is well, or nobody answers."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=4)
    try:
        connection.request("GET", "/metrics")
        return sentence(connection.getresponse().read().decode(errors="replace"))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def sentence(metrics: str) -> str | None:
    """The same of the metrics' text."""
    rows = (line.split() for line in metrics.splitlines())
    found = {row[0]: float(row[1]) for row in rows if len(row) == 2 and row[0] in (_OFF, _ALL)}
    off, folded = found.get(_OFF, 0), found.get(_ALL, 0)
    if not off:
        return None
    return f"{off:,.0f} of {folded:,.0f} events since its start are off the map: no touchpoint matches them"
