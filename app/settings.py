"""Every setting, read once from the environment and `.env`; below `app/` plain values travel."""

from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.webhooks.signatures import keys_of

PREFIX = "STREAMING_STACK_"


class Settings(BaseSettings):
    """What can be set from outside. A field `x` is the variable STREAMING_STACK_X."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "STREAMING_STACK_DATABASE_URL"),
        description="Your own Postgres (15 or newer). Absent: an embedded one in the data folder.",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("REDIS_URL", "STREAMING_STACK_REDIS_URL"),
        description="Your own Valkey or Redis. Absent: an embedded one in the data folder.",
    )
    host: str = Field(default="127.0.0.1", description="The address the API listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port the API listens on.")
    data_dir: Path = Field(
        default=Path(".data"), description="Where the embedded servers keep everything."
    )
    country: str = Field(
        default="US", description="The country of callers without an account, two capital letters."
    )
    time_zone: str = Field(default="UTC", description="The instance's time zone, an IANA name.")
    public_url: str | None = Field(
        default=None, description="How browsers reach us, where a proxy stands in front."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses, comma separated, whose X-Forwarded-For and -Proto are believed.",
    )
    demo: bool = Field(
        default=True, description="Load the demo catalogue and accounts on the embedded servers."
    )
    offer_demo_accounts: bool = Field(
        default=False, description="Anybody signs in to the demo accounts by a click; set by `up`."
    )
    metrics: bool = Field(default=False, description="Serve Prometheus figures at /metrics.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least serious log line that is written."
    )
    database_pool_size: int = Field(
        default=10, ge=1, le=100, description="Connections to Postgres for each process."
    )
    database_pooler: Literal["auto", "none", "transaction"] = Field(
        default="auto",
        description="Whether a transaction pooler stands before Postgres;"
        " auto: port 6543 or pgbouncer=true in the URL.",
    )
    recommend_per_minute: int = Field(
        default=10, ge=1, description="Recommendations a minute on the free plan and without one."
    )
    recommend_per_minute_browser: int = Field(
        default=60, ge=1, description="The same for GraphQL from a signed-in browser."
    )
    sign_in_failures_per_minute: int = Field(
        default=5, ge=1, description="Failed sign-ins a minute for one account."
    )
    sign_ins_per_minute_address: int = Field(
        default=30, ge=1, description="Failed sign-ins a minute from one address."
    )

    sign_ups_per_hour_address: int = Field(
        default=20, ge=1, description="New accounts an hour from one address."
    )

    justwatch_webhook_secret: SecretStr | None = Field(
        default=None,
        description="What webhooks may be signed with: secrets like whsec_…, separated by spaces.",
    )
    webhook_failures_per_minute_address: int = Field(
        default=30, ge=1, description="Webhooks a minute from one address that are wrongly signed."
    )
    webhooks_per_minute: int = Field(
        default=600, ge=1, description="Webhooks a minute that are rightly signed."
    )

    live_connections_account: int = Field(
        default=10, ge=1, description="Sockets and event streams open at once for one account."
    )
    live_connections_address: int = Field(
        default=50, ge=1, description="The same from one address, for callers without an account."
    )

    justwatch: bool = Field(
        default=False,
        description="Ask JustWatch's unofficial API where titles are; for private use only.",
    )
    justwatch_url: str = Field(
        default="https://apis.justwatch.com/graphql", description="Where JustWatch answers."
    )
    justwatch_per_second: float = Field(
        default=1.0, gt=0, le=2, description="The most requests a second to JustWatch."
    )
    tmdb_token: SecretStr | None = Field(
        default=None, description="A TMDB API read access token: asks TMDB, which knows no days."
    )
    tmdb_url: str = Field(default="https://api.themoviedb.org/3", description="Where TMDB answers.")
    tmdb_per_second: float = Field(
        default=20.0, gt=0, le=40, description="The most requests a second to TMDB."
    )
    trakt_client_id: str | None = Field(
        default=None, description="Of an API application of your own at Trakt, to import from it."
    )
    trakt_client_secret: SecretStr | None = Field(default=None, description="The same's secret.")
    trakt_url: str = Field(default="https://api.trakt.tv", description="Where Trakt answers.")
    trakt_auth_url: str = Field(
        default="https://auth.trakt.tv", description="Where Trakt signs people in."
    )
    trakt_per_second: float = Field(
        default=1.0, gt=0, le=3, description="The most requests a second to Trakt."
    )
    ollama_url: str | None = Field(
        default=None,
        description="Where Ollama listens, like http://127.0.0.1:11434; it phrases whys.",
    )
    ollama_model: str = Field(
        default="mistral:7b-instruct", description="Which model, as `ollama list` shows it."
    )
    ollama_token: SecretStr | None = Field(
        default=None, description="What an Ollama behind a gate wants to be shown."
    )
    ollama_parallel: int = Field(
        default=1, ge=1, le=16, description="Requests at once: as OLLAMA_NUM_PARALLEL there."
    )
    ollama_line_s: float = Field(
        default=60.0, ge=1, le=300, description="The most seconds for a line, a retry included."
    )
    simulators_url: str | None = Field(
        default=None, description="Where the stand-ins of all these listen; set by `up`."
    )
    sync_requests: int = Field(
        default=2_000, ge=1, description="The most requests of a nightly sync."
    )
    sync_second_look_s: int = Field(
        default=1_800, ge=0, description="Seconds until what was missing is asked for again."
    )

    # What these say stands behind "STREAMING_STACK_X is 'y'; ".
    @field_validator("country")
    @classmethod
    def _is_country(cls, code: str) -> str:
        if len(code) != 2 or not (code.isascii() and code.isalpha() and code.isupper()):
            raise ValueError("it must be two capital letters, like 'DE'")
        return code

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
            raise ValueError(
                "it must be the name of a time zone, like 'Europe/Berlin'"
            ) from problem
        return name

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, url: str | None) -> str | None:
        if url is not None and not _names_host_alone(url):
            raise ValueError("it must be like 'https://watch.example.org', without a path")
        return url

    @field_validator("justwatch_webhook_secret")
    @classmethod
    def _are_keys(cls, listed: SecretStr | None) -> SecretStr | None:
        keys_of(listed.get_secret_value() if listed else "")
        return listed

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, listed: str) -> str:
        try:
            for part in filter(None, map(str.strip, listed.split(","))):
                ip_network(part, strict=False)
        except ValueError as problem:
            raise ValueError(
                "it must be IP addresses or networks, separated by commas,"
                " like '127.0.0.1, 10.0.0.0/8'"
            ) from problem
        return listed

    @field_validator(
        "justwatch_url", "tmdb_url", "trakt_url", "trakt_auth_url", "ollama_url", "simulators_url"
    )
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "https://none")
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise ValueError("it must be like 'https://api.example.org/3'")
        return url and url.rstrip("/")

    @property
    def webhook_keys(self) -> tuple[bytes, ...]:
        """The keys that webhooks may be signed with; none where no secret is set."""
        secret = self.justwatch_webhook_secret
        return keys_of(secret.get_secret_value()) if secret else ()

    @property
    def embedded(self) -> bool:
        """Whether at least one of the servers is our own."""
        return self.database_url is None or self.redis_url is None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach us."""
        return self.host in {"127.0.0.1", "::1", "localhost"}


def _names_host_alone(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:  # a port that is no number, or half an IPv6 address
        return False
    beside = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    odd = any(character.isspace() for character in url)
    return parts.scheme in {"http", "https"} and bool(host) and not beside and not odd
