"""What the routes answer from."""

from dataclasses import dataclass

from services.insights.adapters.counts import Counted
from services.insights.adapters.customers import Customers
from services.insights.adapters.programmes import Programmes
from shared.clock import Clock
from shared.http.keys import KeyRing


@dataclass(frozen=True)
class Sources:
    """Made by bootstrap, handed to every route."""

    keys: KeyRing
    programmes: Programmes
    counted: Counted
    customers: Customers
    clock: Clock
