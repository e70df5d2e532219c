"""An event without a time gets the time it was received, and says so."""

from datetime import datetime

import msgspec

MARK = "timesource"
"""The extension attribute that tells a stamped time from the source's own: its value is then `received`.

Beside a time of its own a source may claim it too; it is passed on, as every extension is."""

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def stamped(raw: bytes, received_at: datetime) -> bytes:
    """`raw`, a structured event without a time, with `time` and the mark; everything else stays as it came."""
    stamp = received_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if b'"time"' not in raw and b'"timesource"' not in raw and b"\\" not in raw:
        return b'%b,"time":"%b","%b":"received"}' % (raw.rstrip()[:-1], stamp.encode(), MARK.encode())
    members: dict[str, object] = {**_members.decode(raw), "time": stamp, MARK: "received"}
    return msgspec.json.encode(members)
