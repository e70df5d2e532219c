"""What the files call things, and who refers to whom: settled once all files are read."""

from collections.abc import Callable

from shared.programme.faults import one_of
from shared.programme.reading import Spot, Wrong
from shared.programme.values import identifier

WHERE = {
    "owner": "owners.yaml",
    "persona": "personas.yaml",
    "journey": "journeys/",
}


class Names:
    """All declared names by kind, and all uses of them with their places. Journeys are read before who refers to them.

    Where a file could not be read at all, names may be missing for that reason, so none is missed.
    """

    def __init__(self) -> None:
        self.complete = True
        self._declared: dict[str, dict[str, Spot]] = {}
        self._used: list[tuple[str, str, Spot]] = []
        self._journeys_of: dict[str, list[str]] = {}

    def declare(self, kind: str, name: str, spot: Spot) -> None:
        """Raises Wrong if another one of that kind has the name."""
        first = self._declared.setdefault(kind, {}).setdefault(name, spot)
        if first is not spot:
            raise Wrong(f"another name: {name!r} is taken by {first.page.file}:{first.line}")

    def declared(self, kind: str) -> bool:
        """Whether anything of that kind has been declared so far, or may have been where nothing could be read."""
        return kind in self._declared or not self.complete

    def use(self, kind: str, name: str, spot: Spot) -> None:
        """Note that `spot` refers to `name`."""
        self._used.append((kind, name, spot))

    def declare_touchpoint(self, journey: str, name: str) -> None:
        """Note that a touchpoint stands in a journey."""
        self._journeys_of.setdefault(name, []).append(journey)

    def journey_of(self, touchpoint: str, journey: str | None) -> str:
        """The first journey that has the touchpoint, or `journey` if it has it. Raises Wrong."""
        journeys = self._journeys_of.get(touchpoint, [])
        if not self.complete or journey in journeys or (journeys and journey is None):
            return journey or next(iter(journeys), "")
        inside = f" of {journey}" if journey else ""
        names = [name for name, where in self._journeys_of.items() if journey is None or journey in where]
        raise Wrong(f"a touchpoint{inside}: {one_of(names, touchpoint)}")

    def settle(self) -> None:
        """Note a fault for every name that is used and not declared."""
        for kind, name, spot in self._used if self.complete else ():
            known = self._declared.get(kind, {})
            if name not in known:
                among = one_of(known, name) if known else "there is none yet"
                spot.fault(f"{'an' if kind == 'owner' else 'a'} {kind} of {WHERE[kind]}: {among}")


def new(kind: str) -> Callable[[Spot], str]:
    """Reads a name that is declared here."""

    def read(spot: Spot) -> str:
        spot.page.names.declare(kind, identifier(spot), spot)
        return spot.raw

    return read


def known(kind: str) -> Callable[[Spot], str]:
    """Reads a name that is declared somewhere in the folder."""

    def read(spot: Spot) -> str:
        spot.page.names.use(kind, identifier(spot), spot)
        return spot.raw

    return read


def touchpoint_in(journey: str | None) -> Callable[[Spot], str]:
    """Reads the name of a touchpoint of `journey`, or of any."""

    def read(spot: Spot) -> str:
        spot.page.names.journey_of(identifier(spot), journey)
        return spot.raw

    return read
