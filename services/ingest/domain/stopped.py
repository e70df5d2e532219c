"""A source whose topic is not read on, so as not to empty it into the quarantine: told when it begins and is over."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from services.ingest.domain.bridge_state import BridgeState
from shared.events.told.trouble import Kind, TroubleTold

KIND: Kind = "stopped-source"


def news(known: Mapping[str, TroubleTold], bridges: Iterable[BridgeState], now: datetime) -> list[TroubleTold]:
    """What is to be told, where `known` are the troubles that last."""
    states = {f"{KIND}/{bridge.source}": bridge for bridge in bridges}
    stopped = {name: bridge for name, bridge in states.items() if bridge.state == "stopped"}
    begun = [_begun(name, bridge, now) for name, bridge in stopped.items() if name not in known]
    over = [_over(told, states.get(name)) for name, told in known.items() if name not in stopped]
    return begun + over


def _begun(name: str, bridge: BridgeState, now: datetime) -> TroubleTold:
    return TroubleTold(
        trouble=name,
        kind=KIND,
        what=bridge.source,
        says=f"The topic {bridge.topic} is not read any more: {bridge.says}. The fault is hardly theirs. Nothing is"
        f" lost: mend {bridge.source} in sources.yaml and apply the programme, or let it go on as it is by"
        f" `voc source resume {bridge.source}`.",
        since=bridge.since or now,
    )


def _over(told: TroubleTold, bridge: BridgeState | None) -> TroubleTold:
    gone = f"{told.what} is in the programme no more, so nobody reads its topic."
    says = gone if bridge is None else f"The topic {bridge.topic} is read on, from where it stopped."
    return msgspec.structs.replace(told, says=says, over=True)
