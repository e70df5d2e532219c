"""Owners for the tests of alerts' domain."""

from services.alerts.domain.directory import Addressee, Directory
from services.alerts.domain.links import Links
from shared.programme.model import Journey, MomentOfTruth, Owner, Programme, Receiver, Stage, Touchpoint

LINKS = Links("http://board")
SLACK = Receiver(channel="slack", to="#delivery")
MAIL = Receiver(channel="email", to="delivery@example.com")
SLACK_OF_DELIVERY = Addressee("slack", "#delivery", "Delivery team", "Europe/Berlin")
MAIL_OF_DELIVERY = Addressee("email", "delivery@example.com", "Delivery team", "Europe/Berlin")


def owner(name: str, *notify: Receiver) -> Owner:
    return Owner(owner=name, name=f"{name.title()} team", timezone="Europe/Berlin", notify=notify)


def owners(*found: Owner, admin: str | None = None, of_arrival: str | None = None) -> Directory:
    """A directory; `of_arrival` is whom the map names for parcel-arrives, None where it is on no map."""
    return Directory(
        Programme(
            name="Retail",
            timezone="UTC",
            admin=admin,
            owners=found,
            journeys=(_map(of_arrival),) if of_arrival else (),
        )
    )


def _map(of_arrival: str) -> Journey:
    arrives = Touchpoint(
        touchpoint="parcel-arrives",
        name="The parcel arrives",
        moment_of_truth=MomentOfTruth(owner=of_arrival, measures=()),
    )
    stage = Stage(stage="delivery", name="Delivery", touchpoints=(arrives,))
    return Journey(journey="order-to-door", name="From order to door", stages=(stage,))
