"""A small world around the pure decisions: a queue as the database keeps it, receivers that misbehave, a process that
dies. It holds what `adapters/queue.py` and `adapters/conversations.py` do, in a page that can be read."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID, uuid5

from services.alerts.domain import decision
from services.alerts.domain.conversation import Find, Send, State, Waiting, next_step
from services.alerts.domain.directory import Addressee, Directory
from services.alerts.domain.episode import Episode, change
from services.alerts.domain.letter import Letter, Recovered
from shared.events.told.moment import MomentDecided
from tests.unit.services.alerts.programmes import LINKS


class Fate(Enum):
    """How an attempt ends: ours dies at a step, or the receiver's server does well or badly."""

    WELL = "well"
    LATER = "later"
    LOST = "lost"  # it has the message, and its answer was lost
    NOT_THERE = "not there"  # it has nothing, and nobody knows
    REFUSED = "refused"
    DIES_CLAIMED = "dies after step 2"
    DIES_SENDING = "dies after step 3, before the call"
    DIES_CALLED = "dies after the call"


@dataclass
class Delivery:
    id: UUID
    letter: Letter
    edit: bool
    state: State = State.QUEUED


@dataclass
class Conversation:
    """`shown` is what the receiver's own message says now, where it has one that lives."""

    to: Addressee
    episode: UUID
    deliveries: list[Delivery] = field(default_factory=list)
    root: UUID | None = None
    arrived: list[tuple[UUID, Letter]] = field(default_factory=list)
    shown: Letter | None = None

    def waiting(self) -> tuple[Waiting, ...]:
        final = (State.DELIVERED, State.FAILED, State.OVERTAKEN)
        return tuple(
            Waiting(id=one.id, letter=one.letter, edit=one.edit, state=one.state)
            for one in self.deliveries
            if one.state not in final
        )

    def write(self, step: Send) -> None:
        """A claim writes down what is said: later attempts say the same, or something newer."""
        for one in self.deliveries:
            if one.id == step.id:
                one.letter = step.letter

    def set(self, ids: tuple[UUID, ...], state: State) -> None:
        for one in self.deliveries:
            if one.id in ids:
                one.state = state


class World:
    """One moment of truth, its owners, and all conversations there ever were."""

    def __init__(self) -> None:
        self.episode: Episode | None = None
        self.episodes: dict[UUID, Episode] = {}
        self.conversations: dict[UUID, Conversation] = {}
        self.fates: Counter[Fate] = Counter()
        self._events = 0

    def decide(self, decided: MomentDecided, owners: Directory) -> None:
        """What the inbox's transaction does."""
        self._events += 1
        found = change(self.episode, decided, f"event-{self._events}")
        if found.episode is None:
            return
        self.episode = found.episode
        self.episodes[found.episode.id] = found.episode
        told = [one.to for one in self.conversations.values() if one.episode == found.episode.id]
        for number, planned in enumerate(decision.decide(found, owners, told, LINKS).deliveries):
            id = uuid5(found.episode.id, "\n".join(planned.to.place))
            conversation = self.conversations.setdefault(id, Conversation(planned.to, found.episode.id))
            name = uuid5(id, f"{self._events} {number}")
            conversation.deliveries.append(Delivery(name, planned.letter, planned.edit))

    def attempt(self, conversation: Conversation, fate: Fate) -> bool:
        """What a dispatcher does with a conversation that is due. Whether there was anything to do."""
        step = next_step(conversation.waiting(), told=conversation.root is not None)
        if isinstance(step, Find):
            self._look(conversation, step, fate)
            return True
        conversation.set(step.overtaken, State.OVERTAKEN)
        if isinstance(step, Send):
            self.fates[fate] += 1
            conversation.write(step)
            over = self.episodes[conversation.episode].closed_at is not None
            assert not over or isinstance(step.letter, Recovered), "stale: it is over, and that is known"
            self._send(conversation, step, fate)
        return isinstance(step, Send)

    def _look(self, conversation: Conversation, step: Find, fate: Fate) -> None:
        if fate in (Fate.LATER, Fate.DIES_CLAIMED, Fate.DIES_SENDING, Fate.DIES_CALLED):
            return
        found = conversation.to.channel == "slack" and any(id == step.id for id, _ in conversation.arrived)
        if found and not step.edit:
            self._delivered(conversation, step.id, edit=False)
        else:
            conversation.set((step.id,), State.QUEUED)

    def _send(self, conversation: Conversation, step: Send, fate: Fate) -> None:
        if fate in (Fate.DIES_CLAIMED, Fate.LATER):
            return conversation.set((step.id,), State.CLAIMED if fate is Fate.DIES_CLAIMED else State.QUEUED)
        if fate is Fate.REFUSED:
            return conversation.set((step.id,), State.FAILED if step.edit else State.QUEUED)
        conversation.set((step.id,), State.SENDING)
        if fate in (Fate.WELL, Fate.LOST, Fate.DIES_CALLED):
            conversation.shown = step.letter if step.edit or conversation.shown is None else conversation.shown
            if not step.edit:
                conversation.arrived.append((step.id, step.letter))
        if fate is Fate.WELL:
            self._delivered(conversation, step.id, edit=step.edit)
        return None

    @staticmethod
    def _delivered(conversation: Conversation, id: UUID, *, edit: bool) -> None:
        conversation.set((id,), State.DELIVERED)
        if conversation.root is None and not edit:
            conversation.root = id

    def drain(self) -> None:
        """All is well now, for as long as it takes."""
        for conversation in self.conversations.values():
            for _ in range(100):
                if not self.attempt(conversation, Fate.WELL):
                    break
            else:
                raise AssertionError("it never comes to an end")
