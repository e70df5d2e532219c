"""What is set aside in the quarantine, in words: by which door it came, and why it is no event."""

from typing import Literal

Door = Literal["events", "webhook", "bridge", "scoring", "alerts"]
"""By which door it came, or which reader of our topics could not go on with it."""

Kind = Literal["malformed", "invalid", "unmapped", "unproven", "unfetched", "poison", "unreadable", "too-large"]

KINDS: dict[Kind, str] = {
    "malformed": "it cannot be read at all",
    "invalid": "it can be read, and is no event of ours",
    "unmapped": "what is configured for its source makes no event of it",
    "unproven": "its sender did not prove who they are",
    "unfetched": "what it announces could not be fetched",
    "poison": "an event that cannot be folded",
    "unreadable": "a message of ours that its reader cannot read",
    "too-large": "Kafka refuses it for its topic: the value is cut",
}
