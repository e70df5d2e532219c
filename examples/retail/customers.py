"""Who the customers are: four kinds of people, told apart by what they do and not by a label."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from examples.retail.event import Event, event

Kind = Literal["planner", "bargain-hunter", "regular", "newcomer"]
SHARES: dict[Kind, float] = {"planner": 0.25, "bargain-hunter": 0.25, "regular": 0.2, "newcomer": 0.3}
BASKET: dict[Kind, tuple[float, float]] = {
    "planner": (90, 260),
    "bargain-hunter": (25, 90),
    "regular": (80, 320),
    "newcomer": (40, 160),
}
ORDERS: dict[Kind, float] = {"planner": 1.0, "bargain-hunter": 1.1, "regular": 2.0, "newcomer": 0.7}
"""How many orders a month."""

CITIES = {"Kiel": "north", "Rostock": "north", "Leipzig": "east", "Essen": "west", "Ulm": "south", "Passau": "south"}


@dataclass(frozen=True)
class Customer:
    """One person. `known_at` is when the shop first heard of them."""

    number: int
    kind: Kind
    city: str
    known_at: datetime
    seed: str

    @property
    def subject(self) -> str:
        return f"crm:{self.number:05}"

    @property
    def region(self) -> str:
        return CITIES[self.city]

    def chance(self, what: str) -> Random:
        """The dice for one part of this person's story: the same however many other people there are."""
        return Random(f"{self.seed}/{self.number}/{what}")


@dataclass(frozen=True)
class Shop:
    """All of them, and the weeks that are told: the same arguments make the same people, to the letter."""

    ends_at: datetime
    days: int = 56
    customers: int = 800
    seed: str = "nordwind"

    @property
    def starts_at(self) -> datetime:
        return self.ends_at - timedelta(days=self.days)

    def chance(self, what: str) -> Random:
        """The dice for a part of the story that is nobody's own."""
        return Random(f"{self.seed}/{what}")

    def people(self) -> Iterator[Customer]:
        for number in range(1, self.customers + 1):
            yield customer(number, self.seed, self.starts_at, self.days)


def customer(number: int, seed: str, starts_at: datetime, days: int) -> Customer:
    """The customer of that number. Newcomers are first heard of in the course of the story, the others at its start."""
    chance = Random(f"{seed}/{number}")
    kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
    city = chance.choice(list(CITIES))
    hours = chance.uniform(0, days * 24 * 0.8) if kind == "newcomer" else chance.uniform(0, 6)
    return Customer(number, kind, city, starts_at + timedelta(hours=hours), seed)


def introduction(person: Customer) -> Iterator[Event]:
    """What the CRM says of the person."""
    chance = person.chance("profile")
    tier = chance.choice(["gold", "silver"]) if person.kind == "regular" else "basic"
    vouchers = chance.uniform(0.5, 1) if person.kind == "bargain-hunter" else chance.uniform(0, 0.4)
    attributes = {
        "tier": tier,
        "city": person.city,
        "region": person.region,
        "plans_trips": person.kind == "planner",
        "voucher_share": round(vouchers, 2),
    }
    yield event(
        "profile",
        "crm",
        f"profile-{person.number:05}",
        person.known_at,
        person.subject,
        identifiers=[f"email:customer{person.number:05}@mail.example"],
        attributes=attributes,
        consent={"surveys": chance.random() < 0.8},
    )
