"""Reads sources.yaml: who may send, and how it is mapped."""

import re
from collections.abc import Callable
from pathlib import Path

from shared.programme.jmes import ExpressionInvalid, compiled
from shared.programme.measures import scale_for
from shared.programme.model import Question, Source
from shared.programme.names import known, new, touchpoint_in
from shared.programme.privacy_file import kinds
from shared.programme.reading import Fields, Spot, Wrong
from shared.programme.signature_file import signature
from shared.programme.source import EARLIEST, FROM, LATEST, Api
from shared.programme.values import boolean, choice, identifier, listed, mapped, number, scalar, text
from shared.secret import REFERENCE

PROVIDERS = (
    "generic",
    "cloudevents",
    "standard-webhooks",
    "typeform",
    "surveymonkey",
    "qualtrics",
    "delighted",
    "formbricks",
    "tally",
    "jotform",
    "google-forms",
    "trustpilot",
    "zendesk",
    "hubspot",
    "intercom",
    "salesforce",
    "freshdesk",
    "shopify",
    "stripe",
    "segment",
)
_WITH_A_MAP = ("subject", "instance", "journey", "touchpoint", "channel", "questions")
_MAPPED = ("generic", "standard-webhooks")
"""Those whose payloads only the programme knows."""
_OPTIONS = {"surveymonkey": ("client_id",)}
"""What a provider's deliveries cannot be proven without."""
_url = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_topic = re.compile(r"[A-Za-z0-9._-]{1,249}")


def sources(spot: Spot, folder: Path) -> tuple[Source, ...]:
    """All sources; `folder` is where their mapping files are."""
    with spot.fields() as fields:
        return fields.need("sources", listed(_source(folder)))


def _source(folder: Path) -> Callable[[Spot], Source]:
    def read(spot: Spot) -> Source:
        with spot.fields() as fields:
            journey = fields.get("journey", known("journey"), None)
            mapping = fields.get("map", _mapping(folder), None)
            source = Source(
                source=fields.need("source", new("source")),
                provider=fields.get("provider", choice(PROVIDERS), None),
                topic=fields.get("topic", _kafka_topic, None),
                secret=fields.get("secret", _secrets, ()),
                signature=fields.get("signature", signature, None),
                map=mapping[0] if mapping else None,
                mapping=mapping[1] if mapping else None,
                questions=fields.get("questions", mapped(text, _question), {}),
                subject=fields.get("subject", _expression, None),
                instance=fields.get("instance", _expression, None),
                touchpoint=fields.get("touchpoint", touchpoint_in(journey), None),
                journey=journey,
                channel=fields.get("channel", identifier, None),
                options=fields.get("options", mapped(text, scalar), {}),
                api=fields.get("api", _api, None),
                redact=fields.get("redact", kinds, None),
            )
            if fields.sound:
                _check(source, fields)
        return source

    return read


def _check(source: Source, fields: Fields) -> None:
    if (source.provider is None) is (source.topic is None):
        found = "neither" if source.topic is None else "both"
        fields.spot.fault("either a provider (webhooks) or a topic (Kafka)", found)
    elif source.provider is not None and not source.secret:
        fields.spot.fault("a secret for its webhooks, such as secret: env:NAME", "none")
    elif source.topic is not None and source.secret:
        fields.spot.fault("no secret, because who may write a topic is Kafka's to say", "one")
    elif source.provider in _MAPPED and source.map is None:
        fields.spot.fault(f"a map (a file of JMESPath) for the provider {source.provider}", "none")
    elif source.topic is not None and not source.options.items() <= {(FROM, EARLIEST), (FROM, LATEST)}:
        fields.spot.fault(f"options: {{{FROM}: {LATEST}}}, or none, for a topic", "others")
    elif source.topic is not None and source.map is None and any(getattr(source, name) for name in _WITH_A_MAP):
        fields.spot.fault(f"none of {', '.join(_WITH_A_MAP)} for a topic without a map: its events say so", "some")
    elif source.signature is not None and source.provider != "generic":
        fields.spot.fault("no signature, because the provider's own is known; only generic has one to describe", "one")
    for name in _OPTIONS.get(source.provider or "", ()):
        if name not in source.options:
            fields.spot.fault(f"options: {name} for the provider {source.provider}", "none")


def _secrets(spot: Spot) -> tuple[str, ...]:
    """One reference, or two while a secret is being changed: the new one and the one before."""
    if spot.tag != "seq":
        return (_secret_reference(spot),)
    found = listed(_secret_reference)(spot)
    if not 1 <= len(spot.items()) <= 2:
        raise Wrong("one secret, or two while it is being changed: [the new one, the one before]")
    return found


def _secret_reference(spot: Spot) -> str:
    """Where the secret is. What stands here instead is never repeated: it may be one."""
    if REFERENCE.fullmatch(spot.raw) is None:
        raise Wrong("where the secret is: env:NAME or file:PATH", "something else, not shown")
    return spot.raw


def _kafka_topic(spot: Spot) -> str:
    if _topic.fullmatch(text(spot)) is None:
        raise Wrong("the name of a Kafka topic")
    if spot.raw.startswith("voc."):
        raise Wrong("a topic of somebody else: those that begin with voc. are our own, and would be read in a circle")
    return spot.raw


def _mapping(folder: Path) -> Callable[[Spot], tuple[str, str]]:
    def read(spot: Spot) -> tuple[str, str]:
        path = (folder / text(spot)).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise Wrong("a file in the programme's folder")
        try:
            content = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise Wrong("a file of text in UTF-8") from None
        if not content.strip() or "\0" in content:
            raise Wrong("a file that is not empty and holds no U+0000")
        try:
            compiled(content)
        except ExpressionInvalid as error:
            where = f"{spot.raw}, line {error.line}, column {error.column}"
            raise Wrong("a file of JMESPath", f"{where}: {error}") from None
        return spot.raw, content

    return read


def _expression(spot: Spot) -> str:
    try:
        compiled(text(spot))
    except ExpressionInvalid as error:
        raise Wrong("an expression of JMESPath", f"{spot.raw!r} ({error})") from None
    return spot.raw


def _api(spot: Spot) -> Api:
    with spot.fields() as fields:
        return Api(url=fields.need("url", _address), token=fields.need("token", _secret_reference))


def _address(spot: Spot) -> str:
    if _url.fullmatch(text(spot)) is None:
        raise Wrong("an address such as https://api.example.com, without a question mark and without a password")
    return spot.raw.rstrip("/")


def _question(spot: Spot) -> Question:
    with spot.fields() as fields:
        metric = fields.get("metric", identifier, None)
        question = Question(
            metric=metric,
            scale=fields.get("scale", scale_for(metric), None),
            comment=fields.get("comment", boolean, False),
            ignore=fields.get("ignore", boolean, False),
            values=fields.get("values", mapped(text, number()), {}),
        )
        if fields.sound and (metric is not None) + question.comment + question.ignore != 1:
            raise Wrong(
                "one of metric: NAME, comment: true and ignore: true", "none" if question == Question() else "more"
            )
        return question
