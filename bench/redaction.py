"""What protecting personal data costs an event: its reading alone beside its reading with redaction and pseudonyms."""

from collections.abc import Callable
from time import perf_counter

import msgspec

from bench.report import Figure, Options
from services.ingest.domain.protection import Policy
from services.ingest.domain.redaction.text import Redactor
from shared.events.pseudonym import Pseudonyms
from shared.events.read import read
from shared.programme.model import Privacy
from shared.programme.privacy import KINDS

TURNS = 7
SAID = "Der Bote kam zwei Tage zu spät, und niemand hat angerufen. "
EVENTS = {
    "nothing of a person in it": (
        "interaction",
        "crm:1",
        {"action": "placed", "channel": "web", "instance": "N-00017-1"},
    ),
    "an e-mail address as its subject": (
        "interaction",
        "email:ana@example.com",
        {"action": "placed", "channel": "web"},
    ),
    "a comment of 60 characters": ("feedback", "crm:1", {"comment": SAID}),
    "a comment of 600 characters": ("feedback", "crm:1", {"comment": SAID * 10}),
    "a comment with an e-mail address": ("feedback", "crm:1", {"comment": f"{SAID}Schreiben Sie an ana@example.com!"}),
    "a comment with a telephone number": ("feedback", "crm:1", {"comment": f"{SAID}Rufen Sie 030 1234567 an!"}),
}


def run(options: Options) -> list[Figure]:
    """One figure an event: the fastest of several turns, because whatever else runs only adds."""
    privacy = Privacy(region="DE", keep=(r"N-\d{5}-\d{1,2}",))
    pseudonyms = Pseudonyms(["email", "phone"], "of no consequence, but long enough", region="DE")
    policy = Policy(redact=Redactor(KINDS, privacy), pseudonyms=pseudonyms)
    times = 200 if options.quick else 4000
    return [_figure(what, _raw(*event), policy, times) for what, event in EVENTS.items()]


def _figure(what: str, raw: bytes, policy: Policy, times: int) -> Figure:
    return Figure(
        what=f"an event with {what}",
        ours=_microseconds(lambda: policy.of_event(raw, read(raw)), times),
        unit="µs",
        other=_microseconds(lambda: read(raw), times),
        other_name="read alone",
    )


def _raw(kind: str, subject: str, data: dict[str, str]) -> bytes:
    whole = {
        "specversion": "1.0",
        "id": "1",
        "source": "urn:shop",
        "type": f"voc.{kind}",
        "subject": subject,
        "data": data,
    }
    return msgspec.json.encode(whole)


def _microseconds(work: Callable[[], object], times: int) -> float:
    return min(_turn(work, times) for _ in range(TURNS)) / times * 1e6


def _turn(work: Callable[[], object], times: int) -> float:
    begun = perf_counter()
    for _ in range(times):
        work()
    return perf_counter() - begun
