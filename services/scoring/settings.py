"""Scoring's settings, from the environment."""

from functools import cached_property

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kafka.connection import KafkaSettings
from shared.postgres.engine import DatabaseSettings
from shared.settings import HeldSettings


class StatusSettings(HeldSettings):
    """When measures are decided."""

    scoring_evaluate_seconds: float = Field(1.0, gt=0, description="how often measures whose tick has come are decided")
    scoring_unknown_seconds: float = Field(
        10.0, gt=0, description="how often a measure without a status is looked at, where its tick is not sooner"
    )


class Settings(BaseSettings):
    """One scoring process. Several share the partitions; each needs a slot of its own."""

    model_config = SettingsConfigDict(env_prefix="VOC_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="address to listen on")
    scoring_port: int = Field(8083, description="port of health and metrics")
    scoring_slot: str = Field(
        "0", description="which member of the group this is: it keeps its partitions on a restart"
    )
    scoring_lanes: int = Field(
        2, ge=1, le=8, description="transactions that may run side by side, on separate partitions"
    )
    scoring_batch: int = Field(3000, ge=1, description="most events in a transaction")
    scoring_timer_seconds: float = Field(1.0, gt=0, description="how often due promises are looked for")
    log_level: str = Field("info", description="debug, info, warning or error")

    scoring_session_seconds: float = Field(
        10.0, ge=6, le=300, description="how long a worker that died or hangs keeps its partitions"
    )

    @cached_property
    def kafka(self) -> KafkaSettings:
        """Where Kafka is."""
        return KafkaSettings()

    @cached_property
    def database(self) -> DatabaseSettings:
        """Where PostgreSQL is."""
        return DatabaseSettings()

    @cached_property
    def scoring_statuses(self) -> StatusSettings:
        """When measures are decided."""
        return StatusSettings()
