"""Alerts' settings, from the environment."""

from functools import cached_property

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kafka.connection import KafkaSettings
from shared.postgres.engine import DatabaseSettings


class Settings(BaseSettings):
    """One alerts process. It keeps nothing of its own, so any number of them may run."""

    model_config = SettingsConfigDict(env_prefix="VOC_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="address to listen on")
    alerts_port: int = Field(8081, description="port of the episodes, cases and deliveries")
    board_url: str | None = Field(
        None, description="where people look at journeys, customers and episodes; without it messages have no links"
    )
    alerts_at_once: int = Field(16, ge=1, le=100, description="deliveries under way at a time, a process and channel")
    alerts_send_seconds: float = Field(
        15.0, gt=0, le=120, description="how long Slack, or a mail server until it has the mail, may take for an answer"
    )
    alerts_lease_seconds: float = Field(
        30.0, ge=1, le=600, description="how long a process that died keeps a delivery; renewed while a call lasts"
    )
    alerts_give_up_hours: float = Field(
        24.0, gt=0, description="how long a message is tried again before it is given up"
    )
    alerts_quarantine_in_a_row: int = Field(
        20, ge=1, description="messages in a row that cannot be read before the inbox stops"
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Slack's Web API, or a stand-in of it")
    slack_token: SecretStr | None = Field(None, description="the Slack app's bot token, xoxb-…")
    smtp_url: SecretStr | None = Field(
        None, description="the mail server: smtp://user:password@host:587 or smtps://user:password@host:465"
    )
    smtp_from: str | None = Field(None, description="whom mails are from: an address, or Name <address>")
    log_level: str = Field("info", description="debug, info, warning or error")

    @cached_property
    def kafka(self) -> KafkaSettings:
        """Where Kafka is."""
        return KafkaSettings()

    @cached_property
    def database(self) -> DatabaseSettings:
        """Where PostgreSQL is."""
        return DatabaseSettings()
