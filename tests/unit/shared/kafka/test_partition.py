"""Keys go where aiokafka's and the Java client's default partitioner send them."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as theirs
from hypothesis import given
from hypothesis import strategies as st

from shared.kafka.partition import murmur2, murmur2_of_many, partition_of, partitions_of


@given(key=st.binary(max_size=40) | st.binary(min_size=250, max_size=270) | st.binary(min_size=1000, max_size=1100))
def test_the_hash_is_aiokafkas(key: bytes) -> None:
    assert murmur2(key) == theirs(key) & 0xFFFFFFFF


@given(key=st.text(max_size=255).map(lambda text: text.encode("utf-8", "replace")), partitions=st.integers(1, 64))
def test_the_partition_is_that_of_the_default_partitioner(key: bytes, partitions: int) -> None:
    everywhere = list(range(partitions))
    assert partition_of(key, partitions) == DefaultPartitioner()(key, everywhere, everywhere)


@pytest.mark.parametrize(
    ("key", "hashed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_the_hash_is_that_of_kafkas_own_examples(key: bytes, hashed: int) -> None:
    assert murmur2(key) == hashed & 0xFFFFFFFF


@given(keys=st.lists(st.binary(max_size=20), max_size=60) | st.lists(st.binary(min_size=9, max_size=12), max_size=300))
def test_many_keys_go_where_each_would_go(keys: list[bytes]) -> None:
    assert partitions_of(keys, 7) == [partition_of(key, 7) for key in keys]


@given(size=st.integers(0, 300), count=st.integers(1, 40), data=st.data())
def test_the_hash_of_many_is_that_of_each(size: int, count: int, data: st.DataObject) -> None:
    keys = [data.draw(st.binary(min_size=size, max_size=size)) for _ in range(count)]
    assert murmur2_of_many(keys, size) == [murmur2(key) for key in keys]


def test_no_neighbour_meets_another_where_all_bits_are_set() -> None:
    keys = [b"\xff" * 13, b"\0" * 13] * 20
    assert murmur2_of_many(keys, 13) == [murmur2(key) for key in keys]
