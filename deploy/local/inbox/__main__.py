"""python -m deploy.local.inbox"""

import os

import uvicorn

from deploy.local.inbox.bootstrap import LOOPBACK, inbox
from deploy.local.inbox.connection import Cuttable
from deploy.local.inbox.settings import Settings
from shared.http.serve import run, serve
from shared.telemetry import logging


async def main() -> None:
    """Stand in for Slack and the mail server until SIGTERM."""
    logging.configure("inbox")
    settings = Settings.of(os.environ)
    async with inbox(settings) as parts:
        config = uvicorn.Config(
            parts.app,
            host=LOOPBACK,
            port=settings.port,
            http=Cuttable,
            log_config=None,
            access_log=False,
            ws="none",
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        await serve(config, parts.take_mail())


if __name__ == "__main__":
    run(main)
