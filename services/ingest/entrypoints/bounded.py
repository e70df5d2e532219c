"""The body of a request to FastAPI's routes, not without end."""

from fastapi import Request

from shared.http.problem import HttpProblem


async def bounded(request: Request, most_bytes: int, says: str) -> bytes:
    """The whole body. Raises HttpProblem, with what `says` to do, as soon as it is longer."""
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > most_bytes:
            raise HttpProblem(413, f"A body may have {most_bytes:,} bytes here; {says}")
        parts.append(part)
    return b"".join(parts)
