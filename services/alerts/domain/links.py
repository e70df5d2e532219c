"""Where a message leads: addresses of the read API, and of the board when there is one."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from services.alerts.domain.letter import Link


@dataclass(frozen=True)
class Links:
    """Made from the addresses under which people reach insights (`board`) and alerts (`alerts`)."""

    board: str
    alerts: str

    def of_episode(self, episode: UUID, journey: str) -> tuple[Link, ...]:
        return (
            Link("The journey", f"{self.board}/v1/journeys/{_part(journey)}"),
            Link("This episode", f"{self.alerts}/v1/episodes/{episode}"),
        )

    def of_customer(self, customer: str) -> tuple[Link, ...]:
        return (Link("The customer", f"{self.board}/v1/customers/{_part(customer)}"),)


def _part(name: str) -> str:
    return quote(name, safe=":@")
