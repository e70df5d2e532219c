"""/v1/customers: one customer, as events tell."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from services.insights.domain import cursor, customer_page, shapes
from services.insights.domain.asked import Unreadable
from services.insights.domain.place import Missing
from services.insights.entrypoints.answer import answer, described
from services.insights.entrypoints.sources import Sources
from shared.events.event import customer_of


def router(sources: Sources) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/v1", tags=["customers"])

    @routes.get(
        "/customers/{subject:path}",
        summary="Who a customer is, how to treat them, and what happened, the latest first",
        responses=described(shapes.Customer, problems=(404, 422)),
    )
    async def customer(
        subject: Annotated[str, Path(description="`email:ana@example.com`, `crm:0042`; a bare `7` is `customer:7`")],
        limit: Annotated[int, Query(ge=1, le=500, description="items of the timeline")] = 50,
        before: Annotated[str | None, Query(alias="cursor", description="the `next` of an earlier answer")] = None,
    ) -> Response:
        name, now = customer_of(subject), sources.clock()
        found = await sources.customers.find(name, before=_place(before), limit=limit) if _may_exist(name) else None
        if found is None:
            raise Missing(f"There is no customer {name[:120]!r}: no event with this subject was scored yet.")
        history = await sources.programmes.with_version(found.known.programme)
        return answer(customer_page.page(name, found, history, limit=limit, now=now))

    return routes


def _may_exist(name: str) -> bool:
    return "\0" not in name  # an event whose subject had one was refused, and PostgreSQL would refuse the question


def _place(text: str | None) -> cursor.Place:
    try:
        return cursor.BEGINNING if text is None else cursor.read(text)
    except ValueError as error:
        raise Unreadable("cursor", str(error)) from None
