"""Serves an application beside a service's own work until SIGTERM or SIGINT, and leaves in good order."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
import uvicorn
import uvloop

from shared.errors import VocError


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a service's `main` to its end. Exits with 1, and the sentence, where a setting cannot be used."""
    try:
        uvloop.run(main())
    except VocError as error:
        _say(error)
        sys.exit(1)


class Server(uvicorn.Server):
    """uvicorn, but the signal that ended it is not raised again: what was opened around it is closed in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def serve(config: uvicorn.Config, work: Coroutine[Any, Any, None]) -> None:
    """Serve, and do `work`; the first of both that ends ends the other. Exits with 1 if it was the work that failed."""
    server = Server(config)
    working = asyncio.create_task(work)
    serving = asyncio.create_task(server.serve())
    await asyncio.wait((working, serving), return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await asyncio.gather(serving, return_exceptions=True)
    failed = working.exception() if working.done() and not working.cancelled() else None
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    if failed is not None:
        _say(failed)
    if failed is not None or not server.started:
        sys.exit(1)


def _say(error: BaseException) -> None:
    """One sentence where we know one, else the whole traceback."""
    log = structlog.get_logger(__name__)
    if isinstance(error, BaseExceptionGroup):
        for cause in error.exceptions:
            _say(cause)
    elif isinstance(error, VocError):
        log.error("stopped", reason=str(error))
    else:
        log.error("stopped", exc_info=error)
