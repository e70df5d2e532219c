"""How resident memory grows while something runs: samples, and the line through them."""

from collections.abc import Sequence

import msgspec
import psutil

WARM_UP = 0.2
"""Of the time: caches fill, the first batches come. What is measured comes after it."""
MIB = 2**20


class Sample(msgspec.Struct, frozen=True):
    """Resident memory of some processes at a moment (monotonic), in MiB."""

    at: float
    mib: tuple[float, ...]


def look(processes: Sequence[psutil.Process], at: float) -> Sample:
    """What each of them has now."""
    return Sample(at, tuple(process.memory_info().rss / MIB for process in processes))


def settled(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Without the time of warming up."""
    return samples[int(len(samples) * WARM_UP) :]


def a_minute(samples: Sequence[Sample], place: int = 0) -> float:
    """MiB a minute by which one process grows: the slope of the least squares."""
    times, values = [sample.at for sample in samples], [sample.mib[place] for sample in samples]
    middle, mean = sum(times) / len(times), sum(values) / len(values)
    spread = sum((at - middle) ** 2 for at in times)
    return 60 * sum((at - middle) * (value - mean) for at, value in zip(times, values, strict=True)) / spread


def by_the_minute(samples: Sequence[Sample], place: int = 0) -> list[float]:
    """The first sample of each minute, and the last one of all."""
    found: list[float] = []
    for sample in samples:
        if sample.at - samples[0].at >= 60 * len(found):
            found.append(sample.mib[place])
    return [*found, samples[-1].mib[place]]
