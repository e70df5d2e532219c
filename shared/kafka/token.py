"""Tokens for OAUTHBEARER, by the client-credentials grant (RFC 6749 §4.4) from a token endpoint."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Callable
from time import monotonic
from urllib.parse import quote_plus

import httpx
import msgspec
import structlog
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaError
from pydantic import SecretStr

from shared.errors import first_line

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 10.0
AGAIN_SECONDS = 5.0  # an endpoint that refuses is not asked at every attempt to connect: some lock the client out
EARLY_SECONDS = 60.0  # before its end a token is fetched anew, of one that lives for less than five minutes
EARLY_SHARE = 0.2  # a fifth of its life before
UNSAID_SECONDS = 300.0  # how long a token is used whose endpoint does not say how long it is good for


class NoToken(KafkaError):  # type: ignore[misc]
    """The token endpoint gives none. Says which one, and what it answered."""

    def __str__(self) -> str:
        return str(self.args[0])


class TokenEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where tokens come from, and who asks."""

    url: str
    client_id: str
    secret: SecretStr
    scope: str | None
    tls: ssl.SSLContext

    @property
    def name(self) -> str:
        """The address as it may be shown."""
        return self.url.partition("?")[0]


class Token(msgspec.Struct, frozen=True):
    """What the endpoint answers (RFC 6749 §5.1)."""

    access_token: str
    expires_in: float | None = None

    @property
    def seconds(self) -> float:
        """How long it is good for."""
        return UNSAID_SECONDS if self.expires_in is None else self.expires_in


class _Refusal(msgspec.Struct, frozen=True):
    """RFC 6749 §5.2."""

    error: str
    error_description: str = ""


class Tokens(AbstractTokenProvider):  # type: ignore[misc]
    """Keeps the token until shortly before its end; however many connections are made, one request at a time is."""

    def __init__(
        self, endpoint: TokenEndpoint, *, extensions: dict[str, str], clock: Callable[[], float] = monotonic
    ) -> None:
        self.endpoint = endpoint
        self._extensions = extensions
        self._clock = clock
        self._asking = asyncio.Lock()
        self._token = ""
        self._fetched = self._fresh_until = self._good_until = self._asked = float("-inf")
        self._fault: NoToken | None = None

    async def token(self) -> str:
        """A token that is good now. Raises NoToken."""
        async with self._asking:
            if self._clock() >= self._fresh_until:
                await self._renew()
            return self._token

    def extensions(self) -> dict[str, str]:
        """What is sent to the broker beside the token."""
        return self._extensions

    def forget(self) -> None:
        """The broker does not accept the token: fetch another one next time, unless it is a new one."""
        if self._clock() >= self._fetched + AGAIN_SECONDS:
            self._fresh_until = self._good_until = float("-inf")

    async def _renew(self) -> None:
        """Fetch a token. While the old one is good, a failure is only said in the log."""
        now = self._clock()
        if self._fault is None or now >= self._asked + AGAIN_SECONDS:
            self._asked = now
            self._fault = await self._fetch()
            if self._fault is not None and now < self._good_until:
                log.warning("token-not-renewed", error=str(self._fault), good_for_seconds=round(self._good_until - now))
        if self._fault is not None and now >= self._good_until:
            raise NoToken(*self._fault.args)

    async def _fetch(self) -> NoToken | None:
        asked = self._clock()
        try:
            answer = await _post(self.endpoint)
            token = token_in(answer.status_code, answer.content)
        except (httpx.HTTPError, OSError, NoToken) as error:
            return NoToken(f"no token from {self.endpoint.name}: {first_line(error)}")
        self._token, self._fetched = token.access_token, asked
        self._good_until = asked + token.seconds
        self._fresh_until = self._good_until - min(EARLY_SECONDS, EARLY_SHARE * token.seconds)
        return None


def token_in(status: int, body: bytes) -> Token:
    """The token of an answer. Raises NoToken with what the answer says instead."""
    if status == 200:
        try:
            return msgspec.json.decode(body, type=Token, strict=False)  # some write the seconds as a text
        except (msgspec.DecodeError, UnicodeError):
            raise NoToken("it answered 200 without an access_token") from None
    try:
        refusal = msgspec.json.decode(body, type=_Refusal)
    except (msgspec.DecodeError, UnicodeError):
        raise NoToken(f"it answered {status}; is this the address of a token endpoint?") from None
    hint = ""
    if refusal.error in ("invalid_client", "unauthorized_client"):
        hint = "; check VOC_KAFKA_SASL_OAUTH_CLIENT_ID and VOC_KAFKA_SASL_OAUTH_CLIENT_SECRET"
    if refusal.error == "invalid_scope":
        hint = "; check VOC_KAFKA_SASL_OAUTH_SCOPE"
    said = f" ({refusal.error_description[:200]})" if refusal.error_description else ""
    raise NoToken(f"it answered {status} {refusal.error[:100]}{said}{hint}")


async def _post(endpoint: TokenEndpoint) -> httpx.Response:
    form = {"grant_type": "client_credentials", **({"scope": endpoint.scope} if endpoint.scope else {})}
    # By the header, which every server has to support; both halves are form-encoded first (RFC 6749 §2.3.1).
    pair = f"{quote_plus(endpoint.client_id)}:{quote_plus(endpoint.secret.get_secret_value())}"
    headers = {"authorization": f"Basic {b64encode(pair.encode()).decode()}", "accept": "application/json"}
    async with httpx.AsyncClient(verify=endpoint.tls, timeout=ANSWER_SECONDS) as client:
        return await client.post(endpoint.url, data=form, headers=headers)
