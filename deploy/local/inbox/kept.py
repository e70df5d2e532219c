"""Keeps what was received in a small database below VOC_HOME: it survives a restart, and the oldest go first."""

import secrets
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from deploy.local.inbox.message import Mail, Posted

_TABLES = """
create table if not exists channels (id text primary key, name text not null);
create table if not exists posted (
    channel text, ts text, thread_ts text, body blob not null, primary key (channel, ts)
);
create table if not exists mails (
    number integer primary key autoincrement, sender text not null, recipient text not null, at text not null,
    content blob not null
);
"""
AT_MOST = 2_000
"""Messages of each kind that are kept."""


class Kept:
    """All that was received. `version` changes with every change, and with every start."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "inbox.db", isolation_level=None)
        self._database.execute("pragma journal_mode = wal")
        self._database.executescript(_TABLES)
        self._start, self._changes = secrets.token_hex(4), 0

    @property
    def version(self) -> str:
        return f"{self._start}-{self._changes}"

    def close(self) -> None:
        self._database.close()

    def name_channel(self, channel: str, name: str) -> None:
        self._database.execute("insert or ignore into channels values (?, ?)", (channel, name))

    def channels(self) -> dict[str, str]:
        """Id → name of all that were ever spoken of, in order of their names."""
        return dict(self._database.execute("select id, name from channels order by name").fetchall())

    def put(self, message: Posted) -> None:
        """A message, new or changed."""
        self._database.execute(
            "insert or replace into posted values (?, ?, ?, ?)",
            (message.channel, message.ts, message.thread_ts, msgspec.json.encode(message)),
        )
        self._database.execute(
            "delete from posted where rowid in (select rowid from posted order by ts desc limit -1 offset ?)",
            (AT_MOST,),
        )
        self._changes += 1

    def posted(self, channel: str, ts: str) -> Posted | None:
        query = "select body from posted where channel = ? and ts = ?"
        row = self._database.execute(query, (channel, ts)).fetchone()
        return msgspec.json.decode(row[0], type=Posted) if row else None

    def all_posted(self, channel: str | None = None) -> Iterator[Posted]:
        """In the order of their `ts`."""
        query = "select body from posted where ? is null or channel = ? order by ts"
        for (body,) in self._database.execute(query, (channel, channel)):
            yield msgspec.json.decode(body, type=Posted)

    def delete(self, channel: str, ts: str) -> bool:
        """As a person would in Slack; its replies stay. False: there was none."""
        found = self._database.execute("delete from posted where channel = ? and ts = ?", (channel, ts)).rowcount
        self._changes += 1
        return found > 0

    def put_mail(self, mail: Mail) -> None:
        self._database.execute(
            "insert into mails (sender, recipient, at, content) values (?, ?, ?, ?)",
            (mail.sender, mail.recipient, mail.at.isoformat(), mail.content),
        )
        self._database.execute(
            "delete from mails where number in (select number from mails order by number desc limit -1 offset ?)",
            (AT_MOST,),
        )
        self._changes += 1

    def mails(self) -> Iterator[Mail]:
        """In the order in which they came."""
        for row in self._database.execute("select number, sender, recipient, at, content from mails order by number"):
            yield _mail(row)

    def mail(self, number: int) -> Mail | None:
        query = "select number, sender, recipient, at, content from mails where number = ?"
        row = self._database.execute(query, (number,)).fetchone()
        return _mail(row) if row else None

    def clear(self) -> None:
        """Forget all messages; channels keep their ids."""
        self._database.executescript("delete from posted; delete from mails;")
        self._changes += 1


def _mail(row: tuple[int, str, str, str, bytes]) -> Mail:
    number, sender, recipient, at, content = row
    return Mail(number=number, sender=sender, recipient=recipient, at=datetime.fromisoformat(at), content=content)
