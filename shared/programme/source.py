"""Sources: who may send, and how a payload becomes events."""

import msgspec


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the answer to a question of a survey tool is: a score of `metric`, or the comment."""

    metric: str | None = None
    scale: tuple[float, float] | None = None
    comment: bool = False


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Who may send, and how a payload becomes events: by webhook (`provider`) or from a topic that exists (`topic`).

    `secret` is a reference (`env:NAME`), never the secret. `mapping` is the text of the JMESPath file named by `map`.
    """

    source: str
    provider: str | None = None
    topic: str | None = None
    secret: str | None = None
    map: str | None = None
    mapping: str | None = None
    questions: dict[str, Question] = {}
    subject: str | None = None
    touchpoint: str | None = None
    journey: str | None = None
