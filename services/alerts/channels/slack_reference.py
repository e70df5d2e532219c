"""How Slack knows a message: the channel's id, which stays when the channel is renamed, and the message's `ts`."""

import msgspec


class Reference(msgspec.Struct, frozen=True):
    """Written `C024BE91L/1732512345.000200`."""

    channel: str
    ts: str

    @property
    def written(self) -> str:
        return f"{self.channel}/{self.ts}"

    @classmethod
    def read(cls, written: str) -> "Reference":
        """The inverse of `written`. Raises ValueError for anything else."""
        channel, slash, ts = written.partition("/")
        if not (channel and slash and ts):
            raise ValueError(f"expected a reference such as C024BE91L/1732512345.000200, found {written!r}")
        return cls(channel, ts)
