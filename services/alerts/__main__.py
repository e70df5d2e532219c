"""python -m services.alerts"""

import uvicorn

from services.alerts.bootstrap import alerts
from services.alerts.settings import Settings
from shared.http.serve import run, serve
from shared.telemetry import logging


async def main() -> None:
    """Tell owners, and answer who was told what, until SIGTERM."""
    settings = Settings()
    logging.configure("alerts", level=settings.log_level)
    async with alerts(settings) as service:
        config = uvicorn.Config(
            service.app,
            host=settings.host,
            port=settings.alerts_port,
            log_config=None,
            access_log=False,
            ws="none",
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        await serve(config, service.run())


if __name__ == "__main__":
    run(main)
