"""Which partition a key goes to: Kafka's default (murmur2, positive, modulo), so that every producer agrees.

aiokafka has the same in plain Python; this one reads words at once and takes a third of the time, which the door's
batches feel. The test holds it against aiokafka's.
"""

from struct import Struct

_M = 0x5BD1E995
_MASK = 0xFFFFFFFF
_SEED = 0x9747B28C
_WORDS = tuple(Struct(f"<{count}I") for count in range(65))


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of `key` among `partitions`, as the Java client's default partitioner chooses it."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(key: bytes) -> int:
    """MurmurHash2 of `key`, 32 bits, with the seed of Kafka's `Utils.murmur2`."""
    length = len(key)
    hashed = _SEED ^ length
    count, tail = length >> 2, length & 3
    words = _WORDS[count] if count < 65 else Struct(f"<{count}I")
    for word in words.unpack_from(key):
        word = word * _M & _MASK
        hashed = (hashed * _M ^ (word ^ word >> 24) * _M) & _MASK
    if tail:
        hashed = (hashed ^ int.from_bytes(key[-tail:], "little")) * _M & _MASK
    hashed = (hashed ^ hashed >> 13) * _M & _MASK
    return hashed ^ hashed >> 15
