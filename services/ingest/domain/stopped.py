"""A source whose topic is not read on, so as not to empty it into the quarantine, or because every try fails: told when
it begins and is over."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from services.ingest.domain.bridge_state import BridgeState
from shared.events.told.trouble import Kind, TroubleTold

KIND: Kind = "stopped-source"
PATIENCE = timedelta(minutes=15)
"""For what may pass by itself: a broker that restarts, a topic that is still to be made."""


def news(known: Mapping[str, TroubleTold], bridges: Iterable[BridgeState], now: datetime) -> list[TroubleTold]:
    """What is to be told, where `known` are the troubles that last."""
    states = {f"{KIND}/{bridge.source}": bridge for bridge in bridges}
    begun = [_begun(name, one, now) for name, one in states.items() if name not in known and _not_read(one, now)]
    over = [_over(told, states.get(name)) for name, told in known.items() if _is_over(states.get(name), now)]
    return begun + over


def _not_read(bridge: BridgeState, now: datetime) -> bool:
    failing = bridge.says and bridge.since is not None and now - bridge.since >= PATIENCE
    return bridge.state == "stopped" or bool(failing)


def _is_over(bridge: BridgeState | None, now: datetime) -> bool:
    """What was stopped is read again as soon as it is read; what has failed for long has to be read steadily first."""
    if bridge is None or bridge.since is None:
        return bridge is None or bridge.state != "stopped"
    return bridge.state == "reading" and now - bridge.since < PATIENCE


def _begun(name: str, bridge: BridgeState, now: datetime) -> TroubleTold:
    mend = (
        f"The fault is hardly theirs. Nothing is lost: mend {bridge.source} in sources.yaml and apply the programme, or"
        f" let it go on as it is by `voc source resume {bridge.source}`."
        if bridge.state == "stopped"
        else "It is tried again every few seconds, and read on as soon as that succeeds."
    )
    return TroubleTold(
        trouble=name,
        kind=KIND,
        what=bridge.source,
        says=f"The topic {bridge.topic} is not read any more: {bridge.says}. {mend}",
        since=bridge.since or now,
    )


def _over(told: TroubleTold, bridge: BridgeState | None) -> TroubleTold:
    gone = f"{told.what} is in the programme no more, so nobody reads its topic."
    says = gone if bridge is None else f"The topic {bridge.topic} is read on, from where it stopped."
    return msgspec.structs.replace(told, says=says, over=True)
