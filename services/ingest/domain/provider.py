"""What is known of a survey tool or CRM: how it proves itself, and what its payloads say. One file of data each."""

from typing import Literal

import msgspec

from services.ingest.domain.payload import Body
from shared.programme.source import Signature


class Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A filled-in questionnaire: expressions over the payload.

    `id` is the event for ever, `response` the filled-in questionnaire, of which there may be several states. `answers`
    is a list of `{question, value, aliases, text}`: the tool's stable name of the question, what was answered, other
    names of it, and how it was asked. `options` is a list of `{id, text}`: the words of
    choices that answers give by their ids. `email` is the customer where the source gives no `subject`.
    """

    id: str
    response: str
    time: str
    answers: str
    survey: str = "`null`"
    options: str = "`null`"
    hidden: str = "`null`"
    email: str = "`null`"
    subject: str = "`null`"
    language: str = "`null`"
    complete: str = "`null`"
    comment: str = "`null`"


class Fetch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How what a notice announces is asked for: a GET of `path` below the source's `api.url`.

    `id` names the notice, so that one which is repeated is fetched once. In `headers` {token} stands for the token of
    the source's `api`, {basic} for it as the user of HTTP's Basic. `also` are further paths by name. `then` are rules
    over the parts that `items` finds in `{notice, fetched, NAME…}`; beside its own members each part has `_notice` and
    `_NAME`.
    """

    id: str
    path: str
    headers: dict[str, str]
    then: tuple["Rule", ...]
    also: dict[str, str] = {}
    items: str = "[fetched]"


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one kind of payload becomes, one of five: a questionnaire, an event (an expression that yields it, or a
    list), nothing, because `ignore`, or a problem, because `refuse` says what is missing: so it is quarantined;
    or something that is to be fetched."""

    when: str = "`true`"
    sheet: Sheet | None = None
    event: str | None = None
    ignore: str | None = None
    refuse: str | None = None
    fetch: Fetch | None = None


class Provider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider. Without a `signature` the sender proves himself by a token, and his events are marked unverified.

    `items` is an expression for the parts of a payload, each judged by `rules`, of which the first that applies counts.
    `kind` is an expression for what a part is called, said of those that no rule reads: these are ignored. `id` is one
    for the id of events to which a source's map gives none; where it finds nothing, a digest of the body stands in.

    `greeting` is an expression for what tries an address out before anybody knows the secret: it is answered like what
    is taken, without proof, and nothing of it is kept.

    `drop` are fields of a form that are taken out before anything is kept, because they repeat what proves the sender.

    `accept` is an expression over the whole payload: what it does not hold for is meant for somebody else.

    In expressions `_headers`, `_options` and `_received_at` stand beside the payload's own members. `status` and
    `answer` are what the provider wants to hear.
    """

    provider: str
    name: str
    signature: Signature | None = None
    body: Body = "json"
    items: str = "@"
    accept: str = "`true`"
    kind: str = "`null`"
    id: str = "`null`"
    greeting: str = "`null`"
    drop: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    status: Literal[200, 202] = 202
    answer: str | None = None
    answer_type: str = "text/xml; charset=utf-8"
