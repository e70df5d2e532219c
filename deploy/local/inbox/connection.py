"""Hands each request the connection that it came by, so that a stand-in can cut it as a network does."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "voc.transport"


class Cuttable(H11Protocol):
    """uvicorn's protocol; the scope of each request holds the transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wrap the application for this connection."""
        super().connection_made(transport)
        application = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            await application({**scope, TRANSPORT: transport}, receive, send)

        self.app = with_transport
