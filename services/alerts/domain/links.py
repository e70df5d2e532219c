"""Where a message leads: pages for people."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from services.alerts.domain.letter import Link


@dataclass(frozen=True)
class Links:
    """`board` is the address under which people look. Without one there are no links: the APIs want a key in a header,
    which a click does not send."""

    board: str | None

    def of_episode(self, episode: UUID, journey: str) -> tuple[Link, ...]:
        return (*self._to("The journey", "journeys", journey), *self._to("This red spell", "episodes", str(episode)))

    def of_customer(self, customer: str) -> tuple[Link, ...]:
        return self._to("The customer", "customers", customer)

    def _to(self, says: str, *path: str) -> tuple[Link, ...]:
        if not self.board:
            return ()
        return (Link(says, "/".join((self.board.rstrip("/"), *(quote(part, safe=":@") for part in path)))),)
