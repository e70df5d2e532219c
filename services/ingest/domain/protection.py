"""Personal data on its way into Kafka: texts are redacted, subjects and identifiers become pseudonyms."""

from collections.abc import Iterable
from typing import Protocol
from urllib.parse import quote

import msgspec

from services.ingest.domain.binary import decoded
from services.ingest.domain.changed import TOO_DEEP, Change, Places, changed
from services.ingest.domain.not_now import NotNow, Reason
from services.ingest.domain.rejection import Rejection
from shared.events.event import Event
from shared.events.limits import MOST_TEXT
from shared.events.pseudonym import Pseudonyms
from shared.events.read import read
from shared.events.refusal import Problem, Refused

TEXTS = ("comment", "reason", "answers.question", "unmapped")
"""What is free text in the contract. A question is the company's own, but survey tools put earlier answers into it;
what was answered to questions that nobody configured may be anything."""

LONGEST = 1_950_000
"""Bytes that fit into a message of Kafka: a label may be longer than what it stands for."""

TOO_LONG = "[TOO LONG]"
"""In the quarantine in place of a text that is longer than an event's may be."""


class Protection(Protocol):
    """What happens to the events of a source before anything of them is kept."""

    def of_event(self, raw: bytes, event: Event) -> tuple[str, bytes]:
        """(key, value) for Kafka of an event that was found right. Raises Refused, NotNow."""

    def of_rejection(self, rejection: Rejection) -> Rejection:
        """What the quarantine may keep. Raises NotNow."""


class Closed:
    """While it is not known what has to be done, or the key for it is away, nothing gets in."""

    def __init__(self, reason: Reason) -> None:
        self._reason: Reason = reason

    def of_event(self, raw: bytes, event: Event) -> tuple[str, bytes]:
        """Raises NotNow."""
        raise NotNow(self._reason)

    def of_rejection(self, rejection: Rejection) -> Rejection:
        """Raises NotNow."""
        raise NotNow(self._reason)


class Policy:
    """What the programme says. `redact` changes a text; `texts` are fields of data besides the contract's own."""

    def __init__(self, *, redact: Change | None, texts: Iterable[str] = (), pseudonyms: Pseudonyms | None) -> None:
        self._redact = redact
        self._pseudonyms = pseudonyms
        subject: Places = {} if pseudonyms is None else {"subject": pseudonyms.of}
        names = (*TEXTS, *texts)
        self._event: Places = {"data": _data(names, redact, pseudonyms), **subject}
        self._refused_data = _data(names, redact and self._unless_too_long, pseudonyms)
        self._refused: Places = {"data": self._refused_data, **subject}
        concerned = [*(names if redact else ()), *(["identifiers"] if pseudonyms else ())]
        self._names = [msgspec.json.encode(path.rpartition(".")[2]) for path in concerned]

    def of_event(self, raw: bytes, event: Event) -> tuple[str, bytes]:
        """As it came, byte for byte, where the policy does not concern it. Raises Refused."""
        if not self._concerns(raw, event):
            return event.key, raw
        protected = changed(raw, self._event)
        if len(protected) > LONGEST:
            raise Refused([Problem("", f"expected at most {LONGEST:,} bytes with what is redacted")])
        return read(protected).key, protected

    def of_rejection(self, rejection: Rejection) -> Rejection:
        """The same in the places of an event, whatever is wrong with it. What is not JSON stays as it came; what is
        nested deeper than anybody reads is not kept, nor a text that is too long for any event."""
        try:
            raw = changed(rejection.raw, self._refused_data if rejection.attributes else self._refused)
        except RecursionError:
            raw = TOO_DEEP
        except (msgspec.DecodeError, UnicodeDecodeError):
            raw = rejection.raw
        problems, attributes = rejection.problems, rejection.attributes
        if self._redact is not None:
            problems = [Problem(one.path, self._redact(one.message)) for one in problems]
        return msgspec.structs.replace(rejection, raw=raw, problems=problems, attributes=self._headers(attributes))

    def of_text(self, text: str) -> str:
        """A sentence that may quote what came."""
        return text if self._redact is None else self._unless_too_long(text)

    def _unless_too_long(self, text: str) -> str:
        """What is refused for its length is not read for hours only to be kept."""
        assert self._redact is not None
        return self._redact(text) if len(text) <= MOST_TEXT else TOO_LONG

    def _concerns(self, raw: bytes, event: Event) -> bool:
        """Told from the bytes: a name may stand twice in an object or be written with escapes, and the typed reader has
        seen the last one only."""
        if b"\\" in raw:
            return True
        for name in self._names:
            if name in raw:
                return True
        if self._pseudonyms is None:
            return False
        return raw.count(b'"subject"') > 1 or (event.customer is not None and self._pseudonyms.concern(event.customer))

    def _headers(self, attributes: dict[str, bytes]) -> dict[str, bytes]:
        """The subject of a request in binary mode that made no event stands in a header."""
        if self._pseudonyms is None or "ce-subject" not in attributes:
            return attributes
        try:
            subject = decoded(attributes["ce-subject"])
        except UnicodeDecodeError:
            return attributes
        pseudonym = self._pseudonyms.of(subject)
        return attributes if pseudonym == subject else attributes | {"ce-subject": quote(pseudonym, safe=":~").encode()}


def _data(texts: Iterable[str], redact: Change | None, pseudonyms: Pseudonyms | None) -> Places:
    paths = [] if redact is None else [(path, redact) for path in texts]
    return _places([*paths, *([] if pseudonyms is None else [("identifiers", pseudonyms.of)])])


def _places(paths: Iterable[tuple[str, Change]]) -> Places:
    """`answers.question` becomes {answers: {question: …}}; what is within a changed place is part of it."""
    places: dict[str, Change | Places] = {}
    for path, change in sorted(paths, key=lambda one: one[0].count(".")):
        *above, last = path.split(".")
        at = places
        for name in above:
            below = at.setdefault(name, {})
            if callable(below):
                break
            at = below  # type: ignore[assignment]
        else:
            at[last] = change
    return places
