"""python -m services.insights"""

import uvicorn

from services.insights.bootstrap import insights
from services.insights.settings import Settings
from shared.http.serve import run, serve
from shared.telemetry import logging


async def main() -> None:
    """Serve the read API, and keep keys and programme fresh, until SIGTERM."""
    settings = Settings()
    logging.configure("insights", level=settings.log_level)
    async with insights(settings) as service:
        config = uvicorn.Config(
            service.app,
            host=settings.host,
            port=settings.insights_port,
            log_config=None,
            access_log=False,
            ws="none",
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=int(settings.insights_answer_seconds) + 1,
        )
        await serve(config, service.run())


if __name__ == "__main__":
    run(main)
