"""python -m services.insights"""

import asyncio
import sys

import structlog
import uvicorn
import uvloop

from services.insights.bootstrap import insights
from services.insights.settings import Settings
from shared.telemetry import logging


async def main() -> None:
    """Serve the read API until SIGTERM; a loop that fails ends the process."""
    settings = Settings()
    logging.configure("insights", level=settings.log_level)
    async with insights(settings) as service:
        config = uvicorn.Config(
            service.app, host=settings.host, port=settings.insights_port, log_config=None, access_log=False
        )
        server = uvicorn.Server(config)
        loops = asyncio.create_task(service.run())
        serving = asyncio.create_task(server.serve())
        await asyncio.wait((loops, serving), return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        failed = loops.exception() if loops.done() and not loops.cancelled() else None
        loops.cancel()
        await asyncio.gather(loops, serving, return_exceptions=True)
        if failed is not None:
            structlog.get_logger(__name__).error("stopped", exc_info=failed)
            sys.exit(1)


if __name__ == "__main__":
    uvloop.run(main())
