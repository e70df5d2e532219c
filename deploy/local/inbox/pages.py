"""The page at the inbox's address, and the same as JSON."""

from pathlib import Path

import msgspec
from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

from deploy.local.inbox import seen
from deploy.local.inbox.channels import Channels
from deploy.local.inbox.kept import Kept
from shared.http.problem import HttpProblem

_FOLDER = Path(__file__).parent / "page"
_FILES = {
    "inbox.css": "text/css",
    "look.css": "text/css",
    "inbox.js": "text/javascript",
    "slack.js": "text/javascript",
}
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
# A mail is somebody else's HTML: no script, nothing fetched, shown inside our page alone.
_MAIL = "sandbox allow-same-origin allow-popups; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def router(kept: Kept, channels: Channels) -> APIRouter:
    """Pages and JSON."""
    routes = APIRouter(tags=["what was received"])

    @routes.get("/", include_in_schema=False)
    async def page() -> Response:
        return _file("index.html", "text/html")

    @routes.get("/page/{name}", include_in_schema=False)
    async def file(name: str) -> Response:
        if name not in _FILES:
            raise HttpProblem(404, "There is no such file.")
        return _file(name, _FILES[name])

    @routes.get("/messages", summary="[{kind: slack|email, to, text, at, thread}], in the order of their arrival")
    async def messages() -> Response:
        return _json(seen.items(kept, channels))

    @routes.get("/view", summary="What the page shows; 204 where nothing has changed since `version`")
    async def view(version: str | None = None) -> Response:
        return Response(status_code=204) if version == kept.version else _json(seen.view(kept, channels))

    @routes.get("/mails/{number}", summary="The HTML of a mail")
    async def mail(number: int) -> Response:
        found = kept.mail(number)
        html = seen.html(found) if found else None
        if html is None:
            raise HttpProblem(404, f"There is no mail {number} with HTML.")
        # Behind <head>: before the doctype it would make browsers fall back to the manners of old.
        shown = html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(shown, headers={"Content-Security-Policy": _MAIL})

    return routes


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json", headers={"Cache-Control": "no-store"})


def _file(name: str, media_type: str) -> Response:
    headers = {"Content-Security-Policy": _PAGE, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(_FOLDER / name, media_type=media_type, headers=headers)
