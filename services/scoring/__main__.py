"""python -m services.scoring"""

import gc

import uvicorn

from services.scoring.bootstrap import scoring
from services.scoring.settings import Settings
from shared.http.serve import run, serve
from shared.telemetry import logging


async def main() -> None:
    """Serve health and metrics, and score, until SIGTERM; the first of both that fails ends the process."""
    settings = Settings()
    gc.freeze()  # what the imports made stays; a batch's garbage has no cycles worth looking for so often
    gc.set_threshold(200_000, 20, 50)
    logging.configure("scoring", level=settings.log_level)
    async with scoring(settings) as service:
        config = uvicorn.Config(service.app, host=settings.host, port=settings.scoring_port, log_config=None)
        await serve(config, service.run())


if __name__ == "__main__":
    run(main)
