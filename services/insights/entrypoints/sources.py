"""What the routes answer from."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.insights.adapters.counts import Counted
from services.insights.adapters.customers import Customers
from services.insights.adapters.programmes import Programmes
from services.insights.adapters.statuses import Statuses
from services.insights.domain.standing import Decided, Judge
from shared.clock import Clock
from shared.http.keys import KeyRing


@dataclass(frozen=True)
class Sources:
    """Made by bootstrap, handed to every route. `patience` is how long an evaluator may be silent, `held` how long it
    waits for a scoring that is behind."""

    keys: KeyRing
    programmes: Programmes
    counted: Counted
    statuses: Statuses
    customers: Customers
    clock: Clock
    patience: timedelta
    held: timedelta

    def judge(self, decided: Decided, now: datetime) -> Judge:
        """How what was decided stands at an instant."""
        return Judge(decided, now, self.patience, self.held)
