"""One token for all connections, fetched anew in good time, from an endpoint that checks what a real one checks."""

import asyncio
import ssl
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from shared.kafka.token import AGAIN_SECONDS, NoToken, TokenEndpoint, Tokens, token_in
from tests.token_endpoint import CLIENT, SCOPE, SECRET, Issuer, token_endpoint


class Clock:
    """Stands until it is set."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def url(issuer: Issuer) -> Iterator[str]:
    issuer.given, issuer.away = 0, False
    with token_endpoint(issuer) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    return Clock()


def tokens(url: str, clock: Clock, *, secret: str = SECRET, scope: str | None = None) -> Tokens:
    tls = ssl.create_default_context()
    endpoint = TokenEndpoint(url=url, client_id=CLIENT, secret=SecretStr(secret), scope=scope, tls=tls)
    return Tokens(endpoint, extensions={}, clock=clock)


async def test_many_that_ask_at_once_are_given_one_token(issuer: Issuer, url: str, clock: Clock) -> None:
    keeper = tokens(url, clock, scope=SCOPE)
    assert len(set(await asyncio.gather(*(keeper.token() for _ in range(20))))) == 1
    assert issuer.given == 1


async def test_it_is_kept_until_shortly_before_its_end(issuer: Issuer, url: str, clock: Clock) -> None:
    keeper = tokens(url, clock)
    first = await keeper.token()
    clock.at += issuer.seconds - 61
    assert await keeper.token() == first
    clock.at += 2
    assert await keeper.token() != first
    assert issuer.given == 2


async def test_an_endpoint_that_is_away_is_named_and_not_asked_at_every_attempt(
    issuer: Issuer, url: str, clock: Clock
) -> None:
    keeper = tokens(url, clock)
    issuer.away = True
    with pytest.raises(NoToken, match=f"^no token from {url}: it answered 503"):
        await keeper.token()
    issuer.away = False
    with pytest.raises(NoToken, match="503"):
        await keeper.token()
    clock.at += AGAIN_SECONDS
    assert await keeper.token()


async def test_a_token_that_is_still_good_outlives_its_endpoint(issuer: Issuer, url: str, clock: Clock) -> None:
    keeper = tokens(url, clock)
    first = await keeper.token()
    issuer.away = True
    clock.at += issuer.seconds - 1
    assert await keeper.token() == first
    clock.at += 2
    with pytest.raises(NoToken):
        await keeper.token()


async def test_a_token_that_the_broker_refused_is_fetched_anew_but_not_a_new_one(
    issuer: Issuer, url: str, clock: Clock
) -> None:
    keeper = tokens(url, clock)
    first = await keeper.token()
    keeper.forget()
    assert await keeper.token() == first
    clock.at += AGAIN_SECONDS
    keeper.forget()
    assert await keeper.token() != first


async def test_a_wrong_secret_says_what_to_check_and_not_the_secret(url: str, clock: Clock) -> None:
    with pytest.raises(NoToken, match=r"401 invalid_client .*VOC_KAFKA_SASL_OAUTH_CLIENT_SECRET") as refused:
        await tokens(url, clock, secret="of-nobody").token()
    assert "of-nobody" not in str(refused.value)


async def test_nobody_there_is_named_without_the_query(clock: Clock) -> None:
    with pytest.raises(NoToken, match=r"^no token from http://127\.0\.0\.1:1/token: \S"):
        await tokens("http://127.0.0.1:1/token?key=hidden", clock).token()


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"access_token": "a", "expires_in": 60}', 60),
        (b'{"access_token": "a", "expires_in": "3599", "token_type": "bearer"}', 3599),
        (b'{"access_token": "a"}', 300),
        (b'{"access_token": "a", "expires_in": null}', 300),
    ],
)
def test_answers_of_all_kinds_are_read(body: bytes, seconds: float) -> None:
    token = token_in(200, body)
    assert (token.access_token, token.seconds) == ("a", seconds)


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, b"<html>", "it answered 200 without an access_token"),
        (200, b'{"id_token": "a"}', "it answered 200 without an access_token"),
        (302, b"", "it answered 302; is this the address of a token endpoint?"),
        (404, b"\xff", "it answered 404; is this the address of a token endpoint?"),
        (400, b'{"error": "invalid_scope"}', "it answered 400 invalid_scope; check VOC_KAFKA_SASL_OAUTH_SCOPE"),
        (400, b'{"error": "slow_down", "error_description": "later"}', "it answered 400 slow_down (later)"),
    ],
)
def test_what_is_no_token_is_a_sentence(status: int, body: bytes, sentence: str) -> None:
    with pytest.raises(NoToken) as refused:
        token_in(status, body)
    assert str(refused.value) == sentence
