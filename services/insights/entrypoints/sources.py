"""What the routes answer from."""

from dataclasses import dataclass
from datetime import timedelta

from services.insights.adapters.counts import Counted
from services.insights.adapters.customers import Customers
from services.insights.adapters.programmes import Programmes
from services.insights.adapters.statuses import Statuses
from shared.clock import Clock
from shared.http.keys import KeyRing


@dataclass(frozen=True)
class Sources:
    """Made by bootstrap, handed to every route. `patience` is how long an evaluator may be silent."""

    keys: KeyRing
    programmes: Programmes
    counted: Counted
    statuses: Statuses
    customers: Customers
    clock: Clock
    patience: timedelta
