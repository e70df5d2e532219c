"""Ingest's settings, from the environment."""

from functools import cached_property

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kafka.connection import KafkaSettings
from shared.postgres.engine import DatabaseSettings


class Settings(BaseSettings):
    """One ingest process. It keeps no state: run as many as the load asks for."""

    model_config = SettingsConfigDict(env_prefix="VOC_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="address to listen on")
    ingest_port: int = Field(8080, description="port of the door, of health and of metrics")
    ingest_public_url: str | None = Field(
        None,
        description="the door's address as webhooks call it, which some providers sign; without it, where we listen",
    )
    ingest_most_bytes: int = Field(
        1_000_000,
        ge=1024,
        le=1_900_000,
        description="longest body, in bytes: with its overhead it fits into a message of Kafka, the quarantine's too",
    )
    ingest_most_events: int = Field(1000, ge=1, le=10_000, description="most events in a batch")
    ingest_most_connections: int = Field(
        2000, ge=1, description="most connections; each needs a file descriptor (`ulimit -n`). Beyond them 503"
    )
    ingest_most_head_bytes: int = Field(
        32_768, ge=1024, le=1_000_000, description="longest head of a request, in bytes: its address and header fields"
    )
    ingest_most_headers: int = Field(
        128, ge=16, le=1000, description="most header fields of a request, those that carry attributes among them"
    )
    ingest_head_seconds: float = Field(
        10.0, gt=0, description="how long a head may take to come in, or a client to send or read anything at all"
    )
    ingest_idle_seconds: int = Field(
        75,
        ge=1,
        description="how long a connection may idle between requests: longer than clients and proxies keep it,"
        " so that they close it, not we",
    )
    ingest_acknowledge_seconds: float = Field(
        4.0, gt=0, le=4.5, description="how long an acknowledgement is waited for; then the answer is 503"
    )
    ingest_body_seconds: float = Field(10.0, gt=0, description="how long a body may take to come in")
    ingest_bodies_bytes: int = Field(
        32 * 1024 * 1024,
        ge=2_000_000,
        description="most bytes of bodies that come in in pieces, all together; beyond it the answer is 503 at once",
    )
    ingest_waiting_bytes: int = Field(
        64 * 1024 * 1024,
        ge=2_000_000,
        description="most bytes that wait for Kafka; beyond it the answer is 503 at once",
    )
    ingest_background: bool = Field(
        True,
        description="whether this process also works behind the door: reads topics, keeps the quarantine's index",
    )
    ingest_bridge_in_a_row: int = Field(
        100, ge=1, description="records of a partition in a row that make no event before its source's bridge stops"
    )
    ingest_bridge_share: float = Field(
        0.25, gt=0, le=1, description="share of the time that all bridges get while the door has something to do"
    )
    log_level: str = Field("info", description="debug, info, warning or error")

    @cached_property
    def public_url(self) -> str:
        """The door's address as webhooks call it."""
        return (self.ingest_public_url or f"http://{self.host}:{self.ingest_port}").rstrip("/")

    @cached_property
    def kafka(self) -> KafkaSettings:
        """Where Kafka is."""
        return KafkaSettings()

    @cached_property
    def database(self) -> DatabaseSettings:
        """Where PostgreSQL is."""
        return DatabaseSettings()
