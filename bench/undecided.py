"""A programme of which only placing and counting is left: nobody is told apart, nothing turns red, no case opens."""

from msgspec.structs import replace

from shared.programme.journey import Journey, Stage
from shared.programme.model import Programme


def undecided(programme: Programme) -> Programme:
    """The same journeys, and promises in them."""
    default = tuple(replace(persona, signals=()) for persona in programme.personas if persona.default)
    journeys = tuple(map(_journey, programme.journeys))
    return replace(programme, personas=default, cases=(), journeys=journeys)


def _journey(journey: Journey) -> Journey:
    return replace(journey, personas=(), stages=tuple(map(_stage, journey.stages)))


def _stage(stage: Stage) -> Stage:
    return replace(stage, touchpoints=tuple(replace(one, moment_of_truth=None) for one in stage.touchpoints))
