"""python -m services.scoring"""

import asyncio
import gc
import sys

import structlog
import uvicorn
import uvloop

from services.scoring.bootstrap import scoring
from services.scoring.settings import Settings
from shared.errors import VocError
from shared.telemetry import logging


async def main() -> None:
    """Serve health and metrics, and score, until SIGTERM; the first of both that fails ends the process."""
    settings = Settings()
    gc.freeze()  # what the imports made stays; a batch's garbage has no cycles worth looking for so often
    gc.set_threshold(200_000, 20, 50)
    logging.configure("scoring", level=settings.log_level)
    async with scoring(settings) as service:
        config = uvicorn.Config(service.app, host=settings.host, port=settings.scoring_port, log_config=None)
        server = uvicorn.Server(config)
        loops = asyncio.create_task(service.run())
        serving = asyncio.create_task(server.serve())
        await asyncio.wait((loops, serving), return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        failed = loops.done() and not loops.cancelled() and loops.exception() is not None
        loops.cancel()
        await asyncio.gather(loops, serving, return_exceptions=True)
        if failed:
            _say(loops.exception())
            sys.exit(1)


def _say(error: BaseException | None) -> None:
    """One sentence where we know one, else the whole traceback."""
    log = structlog.get_logger(__name__)
    causes = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
    for cause in causes:
        if isinstance(cause, VocError):
            log.error("stopped", reason=str(cause))
        else:
            log.error("stopped", exc_info=cause)


if __name__ == "__main__":
    uvloop.run(main())
