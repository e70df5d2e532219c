"""Why an event is refused: a path and a sentence for each fault."""

import msgspec

from shared.errors import VocError


class Problem(msgspec.Struct, frozen=True):
    """One fault. `path` is where it stands (`data.answers[0].score`; empty: the whole), `message` what was expected."""

    path: str
    message: str

    def __post_init__(self) -> None:
        """A sentence may quote what came; PostgreSQL and UTF-8 take neither U+0000 nor half a surrogate pair."""
        for name in ("path", "message"):
            said = getattr(self, name)
            if "\0" in said or not said.isascii():
                msgspec.structs.force_setattr(self, name, storable(said))


def storable(text: str) -> str:
    """With U+FFFD in place of what cannot be stored."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


MOST_PROBLEMS = 100  # ten thousand wrong answers need no ten thousand sentences


class Refused(VocError):
    """Not an event of ours; at most `MOST_PROBLEMS` faults are said.

    `malformed` tells a body that is not JSON at all (400) from a wrong event (422).
    """

    def __init__(self, problems: list[Problem], *, malformed: bool = False) -> None:
        problems = problems[:MOST_PROBLEMS]
        super().__init__("; ".join(f"{p.path}: {p.message}" if p.path else p.message for p in problems))
        self.problems = problems
        self.malformed = malformed
