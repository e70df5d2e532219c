"""Settings that more than one service goes by."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class HeldSettings(BaseSettings):
    """How long statuses may wait: scoring decides by it, and insights calls what waits longer stale."""

    model_config = SettingsConfigDict(env_prefix="VOC_", frozen=True, extra="ignore")

    scoring_held_seconds: float = Field(
        900.0,
        gt=0,
        description="how long decisions wait for a scoring that is behind; then they go on, incomplete. Read by scoring"
        " and by insights, which calls what waits longer stale",
    )
