"""What is done with personal data, by source, as the programme in force says it. In doubt nothing gets in."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

from services.ingest.domain.not_now import NotNow
from services.ingest.domain.protection import Closed, Policy, Protection
from services.ingest.domain.redaction.text import Redactor
from services.ingest.domain.rejection import Rejection
from shared.errors import VocError
from shared.events.event import Event
from shared.events.pseudonym import KeyTooShort, Pseudonyms
from shared.programme.history import Version
from shared.programme.model import Privacy, Programme
from shared.programme.pattern import PatternInvalid
from shared.secret import secret

RETRY_SECONDS = 5.0
MOMENT_BYTES = 4096
"""Full of telephone numbers they take a hundredth of a second to redact; a megabyte of them would take seconds."""
THREADS = 2  # more would keep the interpreter from the door

T = TypeVar("T")

log = structlog.get_logger(__name__)


class NoKey(VocError):
    """The key of pseudonyms is not where the programme says that it is."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"The key of pseudonyms is not there: ingest needs it in {reference}.")


class Protections:
    """None: nothing has to be done. `door` is for what comes by `POST /v1/events`, whatever source it names."""

    def __init__(self, programme_is_known: Callable[[], bool]) -> None:
        """`programme_is_known`: whether the database has said which programme holds, or that there is none yet."""
        self._is_known = programme_is_known
        self.door: Protection | None = _UntilKnown(programme_is_known)
        self._sources: dict[str, Protection | None] = {}
        self._version: Version | None = None
        self._fault: str | None = None
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="protection")  # none before it is wanted

    def of(self, source: str) -> Protection | None:
        """What holds for a webhook or a topic of the programme."""
        return self._sources.get(source, self.door)

    def said(self, source: str, reason: str) -> str:
        """A reason as those may read it who see no quarantine: it may quote what came, and a customer wrote that."""
        protection = self.of(source)
        if isinstance(protection, Policy):
            return protection.of_text(reason)
        return "the quarantine says why" if isinstance(protection, Closed) else reason

    def take_up(self, version: Version) -> None:
        """Go by this version. Where it cannot be done, every door is closed, and the health page says why."""
        self._version, before = version, self._fault
        try:
            self.door, self._sources = _protections(version.programme)
            self._fault = None
        except (NoKey, KeyTooShort, PatternInvalid) as error:
            self.door, self._sources = Closed("no-privacy"), {}
            self._fault = str(error)
        if self._fault not in (None, before):
            log.error("personal-data-not-protected", reason=self._fault, outcome="nothing gets in")

    async def apart(self, size: int, work: Callable[[], T]) -> T:
        """The result of protecting so many bytes: what takes longer than a moment does not hold up everybody else."""
        if size <= MOMENT_BYTES or not self._is_at_work:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @property
    def _is_at_work(self) -> bool:
        return isinstance(self.door, Policy) or bool(self._sources)

    async def keep_trying(self) -> None:
        """Open again when the key is there, until cancelled."""
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            if self._fault is not None and self._version is not None:
                self.take_up(self._version)

    async def check(self) -> str | None:
        """What is wrong, for the health page."""
        if not self._is_known():
            return "waiting for PostgreSQL: the programme is not known yet"
        return self._fault


def _protections(programme: Programme) -> tuple[Protection | None, dict[str, Protection | None]]:
    """The door's, and those of the sources that have their own. Raises NoKey, KeyTooShort, PatternInvalid."""
    privacy = programme.privacy or Privacy()
    pseudonyms = _pseudonyms(privacy)
    own = {s.source: _protection(privacy, s.redact, pseudonyms) for s in programme.sources if s.redact is not None}
    return _protection(privacy, privacy.redact, pseudonyms), own


def _protection(privacy: Privacy, kinds: tuple[str, ...], pseudonyms: Pseudonyms | None) -> Protection | None:
    redact = Redactor(kinds, privacy) if kinds or privacy.patterns else None
    if redact is None and pseudonyms is None:
        return None
    return Policy(redact=redact, texts=privacy.texts, pseudonyms=pseudonyms)


def _pseudonyms(privacy: Privacy) -> Pseudonyms | None:
    if not privacy.pseudonymise or privacy.key is None:
        return None
    key = secret(privacy.key)
    if key is None:
        raise NoKey(privacy.key)
    return Pseudonyms(privacy.pseudonymise, key, region=privacy.region)


class _UntilKnown:
    """Before a version holds: closed until it is known that there is none, then nothing has to be done."""

    def __init__(self, programme_is_known: Callable[[], bool]) -> None:
        self._is_known = programme_is_known

    def of_event(self, raw: bytes, event: Event) -> tuple[str, bytes]:
        """Raises NotNow."""
        self._or_not_now()
        return event.key, raw

    def of_rejection(self, rejection: Rejection) -> Rejection:
        """Raises NotNow."""
        self._or_not_now()
        return rejection

    def _or_not_now(self) -> None:
        if not self._is_known():
            raise NotNow("no-programme")
