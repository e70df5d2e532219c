"""PostgreSQL reads back exactly what was written into an array literal."""

import asyncpg
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.literals import numbers, texts, words

ODD = [
    "",
    " ",
    "NULL",
    "null",
    '"',
    "\\",
    '\\"',
    "{",
    "}",
    ",",
    "a,b",
    "{a}",
    "\n",
    "\t",
    "\\u0041",
    "é🙂",
    "'",
    "a" * 300,
]
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


async def read(url: str, kind: str, literal: str) -> list[object]:
    connection = await asyncpg.connect(url)
    try:
        found: list[object] = await connection.fetchval(f"select $1::text::{kind}[]", literal)
        return found
    finally:
        await connection.close()


async def test_odd_texts(postgres_url: str) -> None:
    assert await read(postgres_url, "text", texts(ODD)) == ODD
    assert await read(postgres_url, "text", texts([])) == []


async def test_any_texts(postgres_url: str) -> None:
    tried: list[list[str]] = []

    @given(st.lists(ANY, max_size=5))
    def collect(values: list[str]) -> None:
        tried.append(values)

    collect()
    assert len(tried) > 50
    connection = await asyncpg.connect(postgres_url)
    try:
        for values in tried:
            assert await connection.fetchval("select $1::text::text[]", texts(values)) == values
    finally:
        await connection.close()


async def test_numbers_and_words(postgres_url: str) -> None:
    assert await read(postgres_url, "bigint", numbers([0, -1, 2**62])) == [0, -1, 2**62]
    assert await read(postgres_url, "int", numbers([])) == []
    identities = await read(postgres_url, "uuid", words([bytes(range(16)).hex(), bytes(16).hex()]))
    assert [identity.bytes for identity in identities] == [bytes(range(16)), bytes(16)]  # type: ignore[attr-defined]
