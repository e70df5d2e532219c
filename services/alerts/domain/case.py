"""A case: one customer needs help now, and its owner hears of it once."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from services.alerts.domain import letter
from services.alerts.domain.decision import Decision, Planned, Reason, nobody
from services.alerts.domain.directory import Directory, receivers
from services.alerts.domain.links import Links
from shared.events.told.case import CaseOpened


def reply_by(case: CaseOpened, opened_at: datetime) -> datetime | None:
    """By when somebody should have answered the customer, None where no rule says so.

    Business hours need the owner's calendar, which alerts does not count in yet: such a case has no instant, and its
    message says the span alone. A plain time would be wrong by a night or a weekend.
    """
    if case.reply_within is None or case.business:
        return None
    return opened_at + timedelta(seconds=case.reply_within)


def thread_of(case: str) -> UUID:
    """The id under which channels know what belongs to the case."""
    return uuid5(NAMESPACE_URL, f"voc:case:{case}")


def decide(case: CaseOpened, opened_at: datetime, owners: Directory, links: Links) -> Decision:
    """Who hears of a case that was opened."""
    owner = owners.owner(case.owner)
    due = reply_by(case, opened_at)
    deliveries = tuple(
        Planned(
            one,
            letter.Case(to=one.name, zone=one.zone, links=links.of_customer(case.customer), case=case, reply_by=due),
            Reason.CASE_OPENED,
        )
        for one in receivers(owner)
    )
    return Decision(Reason.CASE_OPENED if deliveries else nobody(owner), deliveries)
