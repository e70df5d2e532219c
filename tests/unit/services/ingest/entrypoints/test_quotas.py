"""The fields and refusals of a quota, by a clock of the test's own."""

import pytest

from services.ingest.entrypoints.answer import taken
from services.ingest.entrypoints.quotas import Quotas
from shared.http.held_key import HeldKey
from shared.http.problem import HttpProblem
from shared.http.quota import Quota


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def key(rate: float = 10, burst: int = 100, name: str = "shop") -> HeldKey:
    return HeldKey(1, name, "ingest", quota=Quota(rate, burst))


def fields(quotas: Quotas, of: HeldKey) -> tuple[str, str]:
    headers = dict(quotas.told(taken(1, []), of)[0]["headers"])
    return headers[b"ratelimit-policy"].decode(), headers[b"ratelimit"].decode()


def test_an_answer_says_what_is_left_and_when_there_is_more() -> None:
    time = Time()
    quotas = Quotas(time)
    assert fields(quotas, key()) == ('"events";q=100;w=10', '"events";r=100;t=0')
    quotas.take(key(), 40)
    assert fields(quotas, key()) == ('"events";q=100;w=10', '"events";r=60;t=1')
    time.now += 3
    assert fields(quotas, key())[1] == '"events";r=90;t=1'


def test_the_answer_of_everybody_stays_as_it_was() -> None:
    answer = taken(1, [])
    before = dict(answer[0]), list(answer[0]["headers"])
    Quotas(Time()).told(answer, key())
    assert (dict(answer[0]), answer[0]["headers"]) == before


def test_429_says_how_long_and_waiting_so_long_is_enough() -> None:
    time = Time()
    quotas = Quotas(time)
    quotas.take(key(), 95)
    with pytest.raises(HttpProblem) as refused:
        quotas.take(key(), 30)
    assert refused.value.status == 429
    assert refused.value.headers == {
        "Retry-After": "3",
        "RateLimit": '"events";r=5;t=3',
        "RateLimit-Policy": '"events";q=100;w=10',
    }
    assert refused.value.detail == "This key may send 10/s, 100 at once. Send this again in 3 s."
    quotas.take(key(), 5)
    time.now += 3
    quotas.take(key(), 30)


def test_what_can_never_be_sent_at_once_is_413_and_says_what_can() -> None:
    quotas = Quotas(Time())
    with pytest.raises(HttpProblem) as refused:
        quotas.take(key(), 101)
    assert (refused.value.status, refused.value.headers) == (413, {"RateLimit-Policy": '"events";q=100;w=10'})
    assert "100 events at once; this batch has 101: send smaller ones" in refused.value.detail
    quotas.take(key(), 100)


def test_every_key_has_its_own_and_a_changed_one_a_full_one() -> None:
    quotas = Quotas(Time())
    quotas.take(key(), 100)
    quotas.take(key(name="till"), 100)
    quotas.take(key(burst=50), 50)
    with pytest.raises(HttpProblem):
        quotas.take(key(burst=50), 1)
