"""Insights' settings, from the environment."""

from functools import cached_property

from pydantic import Field

from shared.postgres.engine import DatabaseSettings
from shared.settings import HeldSettings


class Settings(HeldSettings):
    """One process of the read API. It keeps nothing, so any number of them may run."""

    host: str = Field("127.0.0.1", description="address to listen on")
    insights_port: int = Field(8082, description="port of the read API")
    insights_connections: int = Field(
        8, ge=1, le=200, description="connections to PostgreSQL that are kept; up to ten more come when these are busy"
    )
    insights_answer_seconds: float = Field(
        10.0, gt=0, le=30, description="how long PostgreSQL may take for one answer; then it is a 503"
    )
    insights_stale_seconds: float = Field(
        60.0, ge=5, description="how long no evaluator may have looked; then statuses are stale, shown as unknown"
    )
    log_level: str = Field("info", description="debug, info, warning or error")

    @cached_property
    def database(self) -> DatabaseSettings:
        """Where PostgreSQL is."""
        return DatabaseSettings()
