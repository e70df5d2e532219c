"""Kafka settings that cannot work together: found at the start, each with what to do."""

import re
from collections.abc import Iterator
from typing import Protocol

from pydantic import SecretStr

SERVER = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:,\[\]]+)(:\d{1,5})?")
EXTENSION = re.compile(r"[A-Za-z]+=[\x21-\x7e\t ]+")  # RFC 7628 §3.1
LOOPBACK = re.compile(r"http://(localhost|127(\.\d{1,3}){3}|\[::1\])([:/?]|\Z)")
PASSWORD = ("sasl_username", "sasl_password")
OAUTH = ("sasl_oauth_token_url", "sasl_oauth_client_id", "sasl_oauth_client_secret")
OAUTH_MORE = ("sasl_oauth_scope", "sasl_oauth_extensions", "sasl_oauth_cafile")
TLS = ("ssl_cafile", "ssl_certfile", "ssl_keyfile", "ssl_keyfile_password")


class Given(Protocol):
    """What is looked at of the settings."""

    @property
    def servers(self) -> list[str]: ...
    @property
    def security_protocol(self) -> str: ...
    @property
    def sasl_mechanism(self) -> str: ...
    @property
    def sasl_username(self) -> str | None: ...
    @property
    def sasl_password(self) -> SecretStr | None: ...
    @property
    def sasl_oauth_token_url(self) -> str | None: ...
    @property
    def sasl_oauth_extensions(self) -> str | None: ...


def contradiction(given: Given) -> str | None:
    """The first of them as a sentence; None where all of it may work."""
    return next(_all(given), None)


def _all(given: Given) -> Iterator[str]:
    protocol, mechanism = given.security_protocol, given.sasl_mechanism
    yield from _servers(given)
    if not protocol.startswith("SASL"):
        for name in _set(given, (*PASSWORD, *OAUTH, *OAUTH_MORE)):
            yield f"{name} is given, but {_of('security_protocol')} is {protocol}, without SASL: make it SASL_SSL."
    elif mechanism == "OAUTHBEARER":
        yield from _oauth(given)
    else:
        for name in _set(given, (*OAUTH, *OAUTH_MORE)):
            yield f"{name} is given, but {_of('sasl_mechanism')} is {mechanism}: make it OAUTHBEARER, or take it away."
        yield from _missing(given, PASSWORD)
    if not protocol.endswith("SSL"):
        for name in _set(given, TLS):
            secure = "SASL_SSL" if protocol.startswith("SASL") else "SSL or SASL_SSL"
            yield f"{name} is given, but {_of('security_protocol')} is {protocol}, without TLS: make it {secure}."
    elif not _set(given, ("ssl_certfile",)):
        for name in _set(given, ("ssl_keyfile", "ssl_keyfile_password")):
            yield f"{name} is given without {_of('ssl_certfile')}, the certificate that the key is of."


def _servers(given: Given) -> Iterator[str]:
    for server in given.servers:
        if not SERVER.fullmatch(server):
            yield (
                f"{_of('bootstrap_servers')} has {server!r}: write host:port, several separated by commas, without"
                " a scheme."
            )


def _oauth(given: Given) -> Iterator[str]:
    for name in _set(given, PASSWORD):
        yield f"{name} is for PLAIN and SCRAM; OAUTHBEARER signs in by {' and '.join(map(_of, OAUTH[1:]))}."
    yield from _missing(given, OAUTH)
    url = given.sasl_oauth_token_url or ""
    if not re.fullmatch(r"https?://[^/\s@?#]+(/[^\s?#]*)?(\?[^\s#]*)?", url):
        yield f"{_of('sasl_oauth_token_url')} is no address: write https://…, without a user or password in it."
    elif url.startswith("http:") and not LOOPBACK.match(url):
        yield f"{_of('sasl_oauth_token_url')} is without TLS, so whoever listens could sign in too: write https://…."
    for pair in (given.sasl_oauth_extensions or "a=b").split(","):
        if not EXTENSION.fullmatch(pair.strip()):
            yield f"{_of('sasl_oauth_extensions')} has {pair.strip()!r}: write name=value, several separated by commas."


def _missing(given: Given, names: tuple[str, ...]) -> Iterator[str]:
    missing = [_of(name) for name in names if getattr(given, name) is None]
    if missing:
        yield f"{given.sasl_mechanism} cannot sign in without {' and '.join(missing)}."


def _set(given: Given, names: tuple[str, ...]) -> list[str]:
    return [_of(name) for name in names if getattr(given, name) is not None]


def _of(name: str) -> str:
    return f"VOC_KAFKA_{name.upper()}"
