"""Sending a signed webhook, to see what becomes of it."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.console import REFUSED, AsJson, answer
from app.commands.services import with_services
from app.embedded import StartupProblem

if TYPE_CHECKING:
    from app.settings import Settings
    from domain.services import Services

_PATIENCE_S = 30


class Change(StrEnum):
    """What happened to an offer."""

    ADDED = "added"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    CHANGED = "changed"


def webhook(
    title: Annotated[str, typer.Option(help="The title, like 'title_42'.")],
    platform: Annotated[str, typer.Option(help="The platform, like 'netflix'.")],
    country: Annotated[str, typer.Option(help="The country, like 'US'.")],
    expires: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day, like 2026-11-30."),
    ] = None,
    change: Annotated[Change, typer.Option(help="What happened.")] = Change.EXPIRING,
    monetization: Annotated[
        str, typer.Option(help="How it is paid for, in JustWatch's words.")
    ] = "FLATRATE",
    url: Annotated[str | None, typer.Option(help="Where to send it; absent: to us.")] = None,
    as_json: bool = AsJson,
) -> None:
    """Send a signed webhook about an offer.

    It is what JustWatch or a program of yours could send. The exit code is 1 where it is not
    accepted.
    """
    from app.environment import read_settings

    settings = read_settings()
    secret = _secret(settings)
    address = url or _address(settings)

    async def compose(services: "Services") -> dict[str, Any]:
        from domain import ids
        from domain.webhooks.example import example

        async with services.database.read() as connection:
            return await example(
                connection,
                ids.decode_int("title", title),
                platform,
                country=country,
                change=change.value,
                monetization_type=monetization,
                available_to=expires.date() if expires else None,
                now=datetime.now(UTC),
            )

    body = json.dumps(with_services(compose))
    headers = _signed(secret, body.encode())
    status, said = _send(address, headers, body.encode())
    answer(
        {"url": address, "headers": headers, "body": json.loads(body), "status": status,
         "answer": said},
        f"POST {address}\n"
        + "".join(f"{name}: {value}\n" for name, value in headers.items())
        + f"\n{body}\n\n{status}\n{said}",
        as_json=as_json,
    )  # fmt: skip
    if status != 202:
        raise typer.Exit(REFUSED)


def _secret(settings: "Settings") -> str:
    from app.environment import variable
    from app.webhook_secret import secret_in_use

    return secret_in_use(settings, variable("justwatch_webhook_secret"))


def _address(settings: "Settings") -> str:
    from app import programs
    from app.embedded import running_instance

    instance = running_instance(settings.data_dir)
    api = instance.urls.get("api") if instance else None
    return (api or programs.address(settings)) + programs.WEBHOOK


def _signed(secret: str, body: bytes) -> dict[str, str]:
    from uuid import uuid4

    from domain.webhooks import signatures

    webhook_id = f"msg_{uuid4().hex}"
    timestamp = str(int(datetime.now(UTC).timestamp()))
    (key,) = signatures.keys_of(secret)
    return {
        "Content-Type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatures.sign(key, webhook_id, timestamp, body),
    }


def _send(address: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
    import httpx

    try:
        answered = httpx.post(address, headers=headers, content=body, timeout=_PATIENCE_S)
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise StartupProblem(
            f"Nobody answers at {address} ({type(problem).__name__})",
            "start `streaming-stack up`, or say with --url where it is",
        ) from problem
    return answered.status_code, answered.text


def add_to(app: typer.Typer) -> None:
    """Hang this command into the command line."""
    app.command()(webhook)
