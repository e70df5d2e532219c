"""What stands before routes of FastAPI that want a key."""

from typing import Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from shared.http.held_key import Scope
from shared.http.keys import KeyRing, require


def guarded(ring: KeyRing, scope: Scope, *, named: str | None = None) -> list[Any]:
    """Dependencies that let in who has a key of `scope`. The first tells readers of /docs how to give one; `named` is
    what the page calls it, where it has several."""

    async def may_ask(request: Request) -> None:
        await require(request, ring, scope)

    description = f"a key made by `voc key create --scope {scope}`"
    return [Depends(HTTPBearer(auto_error=False, scheme_name=named, description=description)), Depends(may_ask)]
