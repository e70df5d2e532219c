"""The evaluator's transaction: how everything stands, the counts of what is due, and what was decided."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring.adapters import outbox, statuses_sql
from services.scoring.adapters.days import summed
from services.scoring.adapters.heard import heard_last
from services.scoring.adapters.timers import any_before
from services.scoring.domain.declared import Declared, MeasureKey
from services.scoring.domain.evidence import Counted
from services.scoring.domain.moved import Asked, Cut
from services.scoring.domain.silence import Heard
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing
from services.scoring.domain.status import VERSION
from services.scoring.domain.trouble import News, id_of
from services.scoring.domain.verdict import Verdict
from shared.events.told.envelope import write
from shared.events.told.moment import MomentDecided
from shared.events.told.trouble import TroubleTold
from shared.kafka.topics import MOMENTS, TROUBLES
from shared.metrics.segments import segments
from shared.metrics.span import Span, window
from shared.programme.history import History
from shared.programme.store import newest, versions

HEADERS = {"content-type": "application/cloudevents+json"}
_standing = msgspec.json.Decoder(Standing)
_trouble = msgspec.json.Decoder(TroubleTold)
_moment = msgspec.json.Decoder(MomentStanding)


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()


class StatusRound:
    """What one round may read and write, in one transaction that one evaluator at a time holds."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def beat(self, at: datetime, *, now: datetime) -> bool:
        """Say that an evaluator has looked as of `at`, once this is durable; no, where one has looked later already,
        unless that was later than it is `now`."""
        return await self._connection.scalar(text(statuses_sql.BEAT), {"at": at, "now": now}) is not None

    async def history(self, known: History) -> History:
        """The programme's versions; `known` where there is no newer one."""
        latest = await newest(self._connection)
        same = latest == max((version.id for version in known.versions), default=None)
        return known if same else History(await versions(self._connection))

    async def measures(self) -> dict[MeasureKey, Standing]:
        rows = await self._connection.execute(text(statuses_sql.MEASURES))
        return {MeasureKey(*row[:-1]): _standing.decode(row.standing) for row in rows}

    async def moments(self) -> dict[MomentKey, MomentStanding]:
        rows = await self._connection.execute(text(statuses_sql.MOMENTS))
        return {MomentKey(row.journey, row.touchpoint): _moment.decode(row.standing) for row in rows}

    async def old_applied_at(self, topic: str) -> datetime | None:
        """When an event that was older than an hour was applied last; None: never."""
        found: datetime | None = await self._connection.scalar(text(statuses_sql.OLD_APPLIED), {"topic": topic})
        return found

    async def any_timer_before(self, at: datetime) -> bool:
        """Whether a promise whose time had come by then is neither kept nor missed yet."""
        return await any_before(self._connection, at)

    async def counts(self, measures: Sequence[Declared], at: datetime) -> list[Counted]:
        """Of each measure, in one round trip."""
        wanted = _Wanted(await summed(self._connection))
        found: list[tuple[_Counts, _Counts]] = [({}, {}) for _ in measures]
        for place, one in enumerate(measures):
            wanted.add(place, one, "", window(at, one.measure.window), other=False)
            if one.short:
                wanted.add(place, one, "", window(at, int(one.short.total_seconds())), other=True)
        rows = await self._connection.execute(text(statuses_sql.COUNTS), wanted.columns())
        for place, short, scale, value, n in rows:
            counts = found[place][short].setdefault(scale, {})
            counts[value] = counts.get(value, 0) + n
        return [Counted(long, short) for long, short in found]

    async def cuts(self, asked: Sequence[Asked]) -> list[list[Cut]]:
        """Of each that is asked for, by persona and channel: as it was decided, and in the window before."""
        if not asked:
            return []
        wanted = _Wanted(await summed(self._connection))
        for place, (_, one, scale, at) in enumerate(asked):
            now = window(at, one.measure.window)
            wanted.add(place, one, scale, now, other=False)
            wanted.add(place, one, scale, Span(2 * now.first - now.until, now.first), other=True)
        found: list[dict[tuple[str, str], Cut]] = [{} for _ in asked]
        rows = await self._connection.execute(text(statuses_sql.CUTS), wanted.columns())
        for place, before, persona, channel, value, n in rows:
            cut = found[place].setdefault((persona, channel), Cut(persona, channel, {}, {}))
            counts = cut.before if before else cut.now
            counts[value] = counts.get(value, 0) + n
        return [list(cuts.values()) for cuts in found]

    async def put_measures(self, standings: dict[MeasureKey, Standing]) -> None:
        if standings:
            values = {**_keys(standings), "standings": [_encoded(standing) for standing in standings.values()]}
            await self._connection.execute(text(statuses_sql.PUT_MEASURES), values)

    async def drop_measures(self, gone: Collection[MeasureKey]) -> None:
        if gone:
            await self._connection.execute(text(statuses_sql.DROP_MEASURES), _keys(gone))

    async def put_moments(self, standings: dict[MomentKey, MomentStanding]) -> None:
        if standings:
            values = {
                "journeys": [key.journey for key in standings],
                "touchpoints": [key.touchpoint for key in standings],
                "standings": [_encoded(standing) for standing in standings.values()],
            }
            await self._connection.execute(text(statuses_sql.PUT_MOMENTS), values)

    async def drop_moments(self, gone: Sequence[MomentKey]) -> None:
        if not gone:
            return
        values = {"journeys": [key.journey for key in gone], "touchpoints": [key.touchpoint for key in gone]}
        await self._connection.execute(text(statuses_sql.DROP_MOMENTS), values)

    async def record(self, verdicts: Sequence[Verdict], *, at: datetime, known_at: datetime, programme: int) -> None:
        """Keep decisions for ever."""
        if not verdicts:
            return
        values = {
            **_keys(verdict.measure.key for verdict in verdicts),
            "reasons": [verdict.record.reason for verdict in verdicts],
            "statuses": [verdict.standing.state.status for verdict in verdicts],
            "records": [_encoded(verdict.record) for verdict in verdicts],
        }
        fixed = {"at": at, "known_at": known_at, "programme": programme, "rule": VERSION}
        await self._connection.execute(text(statuses_sql.ADD_DECISIONS), {**values, **fixed})

    async def heard_last(self, voices: Sequence[Heard]) -> Sequence[Heard]:
        """The same ones, as of now."""
        return await heard_last(self._connection, voices)

    async def troubles(self) -> dict[str, TroubleTold]:
        """Those that last and were told, by name."""
        rows = await self._connection.execute(text(statuses_sql.TROUBLES))
        return {row.trouble: _trouble.decode(row.told) for row in rows}

    async def tell_troubles(self, news: News, at: datetime) -> None:
        """Remember what began, forget what is over, and put both into the outbox."""
        for one in news.begun:
            values = {"trouble": one.trouble, "told": _encoded(one)}
            await self._connection.execute(text(statuses_sql.PUT_TROUBLE), values)
        for one in news.over:
            await self._connection.execute(text(statuses_sql.DROP_TROUBLE), {"trouble": one.trouble})
        messages = [await self._message_of(one, at) for one in (*news.begun, *news.over)]
        await self._put(messages)

    async def _message_of(self, told: TroubleTold, at: datetime) -> outbox.Message:
        sequence = await self._connection.scalar(text(statuses_sql.NEXT_SEQUENCE))
        value = write(told, id=id_of(told, at), subject=told.trouble, time=at, sequence=sequence)
        return outbox.Message(TROUBLES.name, told.trouble.encode(), value, HEADERS)

    async def _put(self, messages: list[outbox.Message]) -> None:
        if messages:
            await outbox.put((await self._connection.get_raw_connection()).driver_connection, messages)

    async def tell(self, told: Sequence[MomentDecided], at: datetime) -> None:
        """Put the moments' messages into the outbox; each has the next number of the sequence."""
        messages = []
        for one in told:
            sequence = await self._connection.scalar(text(statuses_sql.NEXT_SEQUENCE))
            name = f"{one.journey}/{one.touchpoint}"
            value = write(one, id=f"{name}:{sequence}", subject=name, time=at, sequence=sequence)
            messages.append(outbox.Message(MOMENTS.name, name.encode(), value, HEADERS))
        await self._put(messages)


@asynccontextmanager
async def status_round(engine: AsyncEngine) -> AsyncIterator[StatusRound | None]:
    """A round's transaction; None if another process holds one."""
    async with engine.begin() as connection:
        leads = await connection.scalar(text(statuses_sql.LEAD))
        yield StatusRound(connection) if leads else None


def _keys(keys: Iterable[MeasureKey]) -> dict[str, list[Any]]:
    names = ("journeys", "majors", "touchpoints", "metrics", "stats", "scales", "windows")
    columns: Iterable[Sequence[Any]] = zip(*keys, strict=True)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}


_Counts = dict[str, dict[int, int]]


class _Wanted:
    """Windows to be counted, in segments, as the columns that the statements take."""

    def __init__(self, summed: Span) -> None:
        self._summed = summed
        self._rows: list[tuple[Any, ...]] = []

    def add(self, place: int, one: Declared, scale: str, span: Span, *, other: bool) -> None:
        """A window of the measure at `place`; `other` marks the second of its two."""
        key = one.key
        where = (place, other, key.journey, key.major, key.touchpoint, one.journey.perspective, key.metric, scale)
        self._rows.extend((*where, *segment) for segment in segments(span, self._summed))

    def columns(self) -> dict[str, list[Any]]:
        return {name: list(column) for name, column in zip(_WANTED, zip(*self._rows, strict=True), strict=True)}


_WANTED = (
    "places",
    "others",
    "journeys",
    "majors",
    "touchpoints",
    "perspectives",
    "metrics",
    "scales",
    "firsts",
    "untils",
    "by_days",
)
