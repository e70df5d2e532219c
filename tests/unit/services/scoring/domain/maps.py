"""Measures on a small map, for the tests of what is decided by them."""

from services.scoring.domain.declared import Declared, declared
from shared.programme.journey import Journey, Measure, MomentOfTruth, Promise, Stage, Touchpoint
from shared.programme.model import Programme


def of(*measures: Measure, major: int = 1, owner: str = "delivery") -> list[Declared]:
    """The measures of one moment of truth, on a map of that major version."""
    arrives = Touchpoint(
        touchpoint="parcel-arrives",
        name="The parcel arrives",
        promise=Promise(says="On the day", opened_by="placed", kept_by="delivered"),
        moment_of_truth=MomentOfTruth(owner=owner, measures=measures),
    )
    stages = (Stage(stage="delivery", name="Delivery", touchpoints=(arrives,)),)
    journey = Journey(journey="order-to-door", name="From order to door", stages=stages, major=major)
    return list(declared(Programme(name="Shop", timezone="UTC", journeys=(journey,))))
