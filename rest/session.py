"""/api/session: signing in and out, and who I am."""

from typing import Literal, Self

from pydantic import Field

from domain import ids
from domain.accounts import sessions
from domain.accounts.viewer import Viewer
from domain.errors import NotSignedIn
from domain.profiles import repo as profiles
from rest import cookies
from rest.operations import Call
from rest.profile import own_profile
from rest.shapes import Sent, Told


class SignIn(Sent):
    """Who you are."""

    email: str = Field(
        max_length=1000, description="The account's e-mail.", examples=["free@example.com"]
    )
    password: str = Field(
        max_length=1000,
        description="The account's password.",
        examples=["watch-tonight"],
        json_schema_extra={"format": "password"},
    )


class Account(Told):
    """A household."""

    email: str = Field(description="How it signs in.", examples=["free@example.com"])
    plan: Literal["free", "pro"] = Field(description="Its plan.", examples=["free"])
    role: Literal["member", "admin"] = Field(description="What it may do.", examples=["member"])
    country: str = Field(description="Its country.", examples=["US"])
    time_zone: str = Field(description="Its time zone.", examples=["America/New_York"])

    @classmethod
    def of(cls, viewer: Viewer) -> Self:
        """The account of somebody who showed who they are."""
        return cls(
            email=viewer.email or "",
            plan=viewer.plan,
            role=viewer.role,
            country=viewer.country,
            time_zone=viewer.time_zone,
        )


class Profile(Told):
    """One of the household's viewers."""

    profile_id: str = Field(
        description="Its id, the same as in GraphQL.",
        examples=["profile_0b6f7c8a4d1e4f2b9a3c5d7e8f901234"],
    )
    name: str = Field(description="What it is called.", examples=["Everyone"])
    maturity_ceiling: int = Field(
        description="It is shown no title for people older than this; 18: all.", examples=[18]
    )

    @classmethod
    def of(cls, profile: profiles.Listed) -> Self:
        """From the domain's."""
        return cls(
            profile_id=ids.encode("profile", profile.id),
            name=profile.name,
            maturity_ceiling=profile.maturity_ceiling,
        )


class Session(Told):
    """Who is asking."""

    via: Literal["anonymous", "session", "token"] = Field(
        description="How they showed who they are.", examples=["session"]
    )
    account: Account | None = Field(description="The account; null for whoever has none.")
    profile: Profile | None = Field(description="The profile; null for whoever has none.")


async def who_am_i(call: Call) -> Session:
    """The account and profile behind this call; nulls for an anonymous one, which is no error."""
    if not call.viewer.signed_in:
        return Session(via="anonymous", account=None, profile=None)
    return await _session(call, call.viewer)


async def sign_in(call: Call, sent: SignIn) -> Session:
    """Start a session and give the browser its cookie; the one it had before ends."""
    services, browser = call.services, call.doorman.browser(call.request)
    started = await services.door.sign_in(sent.email, sent.password, browser, call.now)
    cookies.put(call.outgoing, started.token, https=call.https)
    known = await sessions.find(services.database, services.cache, started.token, call.now)
    if known is None:
        raise NotSignedIn  # ended by somebody else at this very moment
    return await _session(call, Viewer.by("session", known, browser.address))


async def sign_out(call: Call) -> None:
    """End the session, if there is one, and take the cookie back."""
    if call.viewer.signed_in:
        await call.services.door.sign_out(call.viewer, call.now)
    cookies.clear(call.outgoing, https=call.https)


async def _session(call: Call, viewer: Viewer) -> Session:
    async with call.services.database.read() as connection:
        profile = await own_profile(connection, viewer)
    return Session(via=viewer.via, account=Account.of(viewer), profile=Profile.of(profile))
