"""Counts answers and the time they took, by route."""

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.insights import metrics


class Observed:
    """Plain ASGI around the application: it sees the final status, whoever made it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note what came of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            metrics.ANSWERED.labels(route, status).inc()
            metrics.ANSWER_SECONDS.labels(route).observe(perf_counter() - began)
