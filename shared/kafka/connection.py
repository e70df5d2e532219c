"""How to reach Kafka: addresses, and TLS and SASL where the broker wants them."""

import ssl
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import VocError
from shared.kafka import tls
from shared.kafka.contradiction import contradiction
from shared.kafka.token import TokenEndpoint, Tokens

PREFIX = "VOC_KAFKA_"


class KafkaSettings(BaseSettings):
    """Where Kafka is and how to sign in. Raises VocError for what cannot work, in a sentence with the variable."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    bootstrap_servers: str = Field("127.0.0.1:39092", description="host:port, several separated by commas")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] = Field(
        "PLAIN", description="PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER"
    )
    sasl_username: str | None = Field(None, description="who signs in by PLAIN or SCRAM")
    sasl_password: SecretStr | None = Field(None, description="and the password")
    sasl_oauth_token_url: str | None = Field(
        None, description="where OAUTHBEARER's tokens come from: a token endpoint with the client-credentials grant"
    )
    sasl_oauth_client_id: str | None = Field(None, description="who asks for tokens")
    sasl_oauth_client_secret: SecretStr | None = Field(None, description="and the secret")
    sasl_oauth_scope: str | None = Field(
        None, description="scopes of the tokens, separated by blanks; mostly not needed"
    )
    sasl_oauth_extensions: str | None = Field(
        None, description="SASL extensions that some clusters want beside the token: name=value, separated by commas"
    )
    sasl_oauth_cafile: str | None = Field(
        None, description="certificate authority of the token endpoint; the system's where none is given"
    )
    ssl_cafile: str | None = Field(None, description="certificate authority; the system's where none is given")
    ssl_certfile: str | None = Field(
        None, description="our own certificate (PEM, with what it is signed by), for brokers that ask who we are"
    )
    ssl_keyfile: str | None = Field(None, description="and its key, where that is not in the same file")
    ssl_keyfile_password: SecretStr | None = Field(None, description="and the password of an encrypted key")

    def options(self) -> dict[str, Any]:
        """Keyword arguments that every aiokafka client of ours takes."""
        options: dict[str, Any] = {"bootstrap_servers": self.servers, "security_protocol": self.security_protocol}
        if self.security_protocol.endswith("SSL"):
            options["ssl_context"] = self.tls
        if self.security_protocol.startswith("SASL"):
            options["sasl_mechanism"] = self.sasl_mechanism
            options |= self._signature()
        return options

    @property
    def servers(self) -> list[str]:
        """Each `host:port`."""
        return [server.strip() for server in self.bootstrap_servers.split(",")]

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Checks the broker's certificate and name. Raises VocError for files that cannot be used."""
        context = tls.trusting(self.ssl_cafile, variable=f"{PREFIX}SSL_CAFILE")
        if self.ssl_certfile is not None:
            password = self.ssl_keyfile_password
            tls.show(
                context,
                self.ssl_certfile,
                key=self.ssl_keyfile,
                password=password.get_secret_value() if password else "",
                variable=f"{PREFIX}SSL_CERTFILE",
            )
        return context

    @cached_property
    def tokens(self) -> Tokens:
        """The process's one keeper of OAUTHBEARER's token."""
        assert self.sasl_oauth_token_url is not None
        assert self.sasl_oauth_client_id is not None
        assert self.sasl_oauth_client_secret is not None
        endpoint = TokenEndpoint(
            url=self.sasl_oauth_token_url,
            client_id=self.sasl_oauth_client_id,
            secret=self.sasl_oauth_client_secret,
            scope=self.sasl_oauth_scope,
            tls=tls.trusting(self.sasl_oauth_cafile, variable=f"{PREFIX}SASL_OAUTH_CAFILE"),
        )
        return Tokens(endpoint, extensions=extensions(self.sasl_oauth_extensions))

    def _signature(self) -> dict[str, Any]:
        if self.sasl_mechanism == "OAUTHBEARER":
            return {"sasl_oauth_token_provider": self.tokens}
        assert self.sasl_password is not None
        return {
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": self.sasl_password.get_secret_value(),
        }

    @model_validator(mode="wrap")
    @classmethod
    def _sentences(cls, values: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """What pydantic finds, by the variable's name instead of the field's."""
        try:
            return handler(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = f"{PREFIX}{'_'.join(map(str, first['loc'])).upper()}"
            raise VocError(f"{name} cannot be used: {first['msg']}.") from None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if fault := contradiction(self):
            raise VocError(fault)
        self.options()  # certificates and keys are read now, not when the first client is made
        return self


def extensions(written: str | None) -> dict[str, str]:
    """`logicalCluster=lkc-1,identityPoolId=pool-2` as names and values."""
    pairs = [pair.partition("=") for pair in written.split(",")] if written else []
    return {name.strip(): value.strip() for name, _, value in pairs}
