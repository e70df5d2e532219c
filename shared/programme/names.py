"""What the files call things, and who refers to whom: settled once all files are read."""

from collections.abc import Callable, Iterable

from shared.programme.faults import Caution, nearest, one_of
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
        self._actions: set[str] = set()
        self._any_action = False
        self._acting: list[tuple[Spot, bool]] = []

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

    def match(self, actions: Iterable[str] | None) -> None:
        """Note the actions that a `match` of some map names; None where it holds whatever the action is."""
        self._actions.update(actions or ())
        self._any_action |= actions is None

    def act(self, spot: Spot, *, leaves: bool) -> None:
        """Note that something begins or ends by the action that stands at `spot`; `leaves`: by going away."""
        self._acting.append((spot, leaves))

    def unmatched(self) -> list[Caution]:
        """Each action by which something begins or ends, and which no `match` names. Who goes away may well be off the
        map then; one that looks like another action is told of all the same."""
        found = [] if self._any_action else [each for each in self._acting if each[0].raw not in self._actions]
        return [self._unmatched(spot) for spot, leaves in found if not leaves or nearest(spot.raw, self._actions)]

    def _unmatched(self, spot: Spot) -> Caution:
        said = f"no match names the action {spot.raw!r}{nearest(spot.raw, self._actions)}"
        return Caution(
            spot.page.file, spot.line, spot.path, f"{said}: its events reach no step, unless they name one themselves"
        )

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
