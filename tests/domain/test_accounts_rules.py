"""What accounts and profiles may be made of."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import rules
from domain.accounts.common_passwords import COMMON_PASSWORDS
from domain.accounts.countries import COUNTRIES
from domain.accounts.demo import DEMOS, PASSWORD
from domain.errors import InvalidInput
from domain.profiles import rules as profile_rules
from domain.profiles.notifications import Notifications, QuietHours

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "given_email",
    [
        "ada@example.com",
        " A.d+a@Example.co.uk\n",
        "ädä@exämple.de",
        "o'neil@x.io",
        "用户@例子.公司",
    ],
)
def test_an_e_mail_is_kept_as_typed_but_trimmed(given_email: str):
    assert rules.email(given_email) == given_email.strip()


@pytest.mark.parametrize(
    "given_email",
    [
        "", "ada", "@", "ada@", "@example.com", "ada@example", "a@b@example.com", "a b@example.com",
        "ada@exa mple.com", "ada@example..com", "ada@.com", "ada@example.c", "a\x00b@example.com",
        "ada@example.com\r\nBcc: eve@example.com", "\ud800@example.com", "<ada@example.com>",
        "ada@example.com, eve@example.com", "\u202eada@example.com", "x" * 65 + "@example.com",
        "ada@" + "x" * 250 + ".com", "ada@example.com" + " " * 600 + "x", "e\u0301" * 200 + "@x.io",
    ],
)  # fmt: skip
def test_what_is_no_e_mail_is_refused(given_email: str):
    with pytest.raises(InvalidInput) as refused:
        rules.email(given_email)
    assert refused.value.field == "email"


@given(ANY_TEXT)
def test_every_string_has_a_key_that_postgres_can_hold(text: str):
    key = rules.email_key(text)
    key.encode()
    assert "\x00" not in key


def test_spellings_of_an_e_mail_share_a_key():
    assert len({rules.email_key(each) for each in ("Ada@X.io", " ada@x.IO ", "ada@x.io\x00")}) == 1


@pytest.mark.parametrize(
    "password",
    ["watch-tonight", "x" * 7 + "y", "пароль из слов", "correct horse", "🦊" * 8, " " * 7 + "."],
)
def test_any_long_enough_password_is_taken(password: str):
    assert rules.new_password(password, "ada@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "", "short77", "x" * 257, "🦊" * 257, "\ufdfa" * 64, "password", "PassWord1", "12345678",
        "qwertyuiop", "ADA@example.com", "ada@example.com ", "\ud800" * 9, "ｐａｓｓｗｏｒｄ",
    ],
)  # fmt: skip
def test_short_long_common_and_impossible_passwords_are_refused(password: str):
    with pytest.raises(InvalidInput) as refused:
        rules.new_password(password, "Ada@Example.com", field="newPassword")
    assert refused.value.field == "newPassword"


def test_the_limits_themselves_are_fine():
    for password in ("x1y2z3w4", "ab" * 128):
        assert rules.new_password(password, "ada@example.com") == password


def test_common_passwords_are_a_few_hundred_that_would_be_long_enough():
    assert 300 <= len(COMMON_PASSWORDS) <= 1000
    assert all(each == each.casefold() and len(each) >= 8 for each in COMMON_PASSWORDS)


def test_the_demo_accounts_keep_the_rules():
    for demo in DEMOS:
        assert rules.new_password(PASSWORD, rules.email(demo.email)) == PASSWORD
        assert profile_rules.someone_unrestricted(demo.profiles.values())


def test_countries_and_zones():
    assert rules.country(" de ") == "DE"
    assert {"US", "GB", "BR", "JP", "ZA"} <= COUNTRIES
    assert "UK" not in COUNTRIES
    for unknown in ("", "D", "DEU", "UK", "EU", "\x00", "ＤＥ"):
        with pytest.raises(InvalidInput):
            rules.country(unknown)
    for known in ("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"):
        ZoneInfo(rules.time_zone(known))
    for unknown in ("", "europe/berlin", "America", "../../etc/passwd", "/etc/localtime", "\x00",
                    "\ud800", "Europe/Berlin "):  # fmt: skip
        with pytest.raises(InvalidInput):
            rules.time_zone(unknown)


@given(st.timedeltas(timedelta(), timedelta(days=200)))
def test_a_session_ends_thirty_days_on_and_never_after_a_hundred_and_eighty(used: timedelta):
    end = rules.session_end(START, START + used)
    assert end <= START + timedelta(days=180)
    assert end <= START + used + timedelta(days=30)
    assert end in {START + timedelta(days=180), START + used + timedelta(days=30)}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("\x00", "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_whom_a_request_is_counted_for(address: str, network: str):
    assert rules.network(address) == network


@given(ANY_TEXT)
def test_no_text_breaks_a_rule(text: str):
    for rule in (
        rules.email,
        rules.country,
        rules.time_zone,
        rules.token_name,
        lambda each: rules.new_password(each, "ada@example.com"),
        profile_rules.name,
        profile_rules.pin,
        lambda each: profile_rules.moods([each]),
        lambda each: profile_rules.genres([each]),
    ):
        try:
            kept = rule(text)
        except InvalidInput as refused:
            refused.message.encode()
        else:
            str(kept).encode()


def test_moods_and_genres_are_ours():
    assert profile_rules.moods(["cozy", "mind-bending", "cozy"]) == ["cozy", "mind-bending"]
    with pytest.raises(InvalidInput, match=r"'sleepy'.*cozy"):
        profile_rules.moods(["cozy", "sleepy"])


def test_notifications_have_defaults_and_keep_what_is_not_named():
    plain = Notifications.of({})
    assert (plain.email, plain.telegram, plain.live, plain.digest) == (True, False, True, True)
    night = {"start": "22:00", "end": "07:00"}
    changed = plain.changed({"telegram": True, "quiet_hours": night}).changed({"email": False})
    assert Notifications.of(changed.stored()) == changed
    assert (changed.telegram, changed.email) == (True, False)
    assert changed.quiet_hours == QuietHours("22:00", "07:00")
    assert changed.changed({"quiet_hours": None}).quiet_hours is None
    assert Notifications.of({"email": False, "carrier_pigeon": True}).email is False


@pytest.mark.parametrize(
    "changes",
    [
        {"pigeon": True}, {"email": "yes"}, {"email": None}, {"email": 1}, {"quiet_hours": True},
        {"quiet_hours": {}}, {"quiet_hours": {"start": "22:00"}}, {"quiet_hours": "22:00-07:00"},
        {"quiet_hours": {"start": "24:00", "end": "07:00"}},
        {"quiet_hours": {"start": "7:00", "end": "08:00"}},
        {"quiet_hours": {"start": "07:00", "end": "07:00"}},
        {"quiet_hours": {"start": "07:00", "end": 8}},
        {"quiet_hours": {"start": "07:00", "end": "08:00", "days": []}},
        {"quiet_hours": {"start": "０7:00", "end": "08:00"}},
    ],
)  # fmt: skip
def test_other_notification_settings_are_refused(changes: dict[str, Any]):
    with pytest.raises(InvalidInput):
        Notifications().changed(changes)


@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        (("22:00", "07:00"), ["22:00", "23:59", "00:00", "06:59"], ["07:00", "12:00", "21:59"]),
        (("13:00", "15:00"), ["13:00", "14:59"], ["12:59", "15:00", "00:00"]),
    ],
)
def test_quiet_hours_may_span_midnight(hours: tuple[str, str], quiet: list[str], loud: list[str]):
    kept = QuietHours(*hours)
    assert all(kept.cover(time.fromisoformat(each)) for each in quiet)
    assert not any(kept.cover(time.fromisoformat(each)) for each in loud)


@pytest.mark.parametrize("age", [0, 7, 13, 16, 18])
def test_ceilings_are_ages_of_the_scale(age: int):
    assert profile_rules.ceiling(age) == age
    with pytest.raises(InvalidInput):
        profile_rules.ceiling(age + 1)
