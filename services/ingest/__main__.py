"""python -m services.ingest"""

import gc

import uvicorn

from services.ingest.bootstrap import ingest
from services.ingest.settings import Settings
from shared.http.serve import run, serve
from shared.telemetry import logging

STOP_SECONDS = 8  # longer than an acknowledgement is waited for


async def main() -> None:
    """Open the door, and publish what comes in, until SIGTERM; what is under way then is answered."""
    settings = Settings()
    gc.freeze()  # what the imports made stays
    gc.set_threshold(200_000, 20, 50)  # requests leave no cycles worth looking for so often
    logging.configure("ingest", level=settings.log_level)
    async with ingest(settings) as service:
        config = uvicorn.Config(
            service.app,
            host=settings.host,
            port=settings.ingest_port,
            log_config=None,
            access_log=False,
            http=service.connections.protocol,
            ws="none",
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=settings.ingest_idle_seconds,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        await serve(config, service.run())


if __name__ == "__main__":
    run(main)
