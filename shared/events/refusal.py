"""Why an event is refused: a path and a sentence for each fault."""

import msgspec

from shared.errors import VocError


class Problem(msgspec.Struct, frozen=True):
    """One fault. `path` is where it stands (`data.answers[0].score`; empty: the whole), `message` what was expected."""

    path: str
    message: str


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
