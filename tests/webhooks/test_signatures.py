"""Signatures, against the vector of Standard Webhooks and against its own library, both ways."""

import base64
import hmac
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from domain.webhooks import signatures
from domain.webhooks.signatures import Seal, is_genuine, keys_of, new_secret, seal_of, sign

# The example that Standard Webhooks and Svix have in their documentation and their tests.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WEBHOOK_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = "1614265330"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(int(TIMESTAMP), UTC)
OTHER = "whsec_" + base64.b64encode(b"another key of thirty-two bytes!").decode()


def headers(signature: str = SIGNATURE, prefix: str = "webhook", **other: str) -> dict[str, str]:
    told = {"id": WEBHOOK_ID, "timestamp": TIMESTAMP, "signature": signature, **other}
    return {f"{prefix}-{name}": value for name, value in told.items()}


def genuine(
    told: dict[str, str], *, secret: str = SECRET, body: bytes = BODY, now: datetime = NOW
) -> bool:
    seal = seal_of(told)
    return seal is not None and is_genuine(keys_of(secret), seal, body, now)


def test_the_official_vector_is_genuine() -> None:
    assert sign(keys_of(SECRET)[0], WEBHOOK_ID, TIMESTAMP, BODY) == SIGNATURE
    assert genuine(headers())
    assert genuine(headers(prefix="svix"))


@given(st.text(max_size=300), st.from_regex(r"[!-~]{1,80}", fullmatch=True))
def test_the_library_reads_what_we_sign(body: str, webhook_id: str) -> None:
    body = body.encode(errors="replace").decode()
    now = str(int(time.time()))
    signature = sign(keys_of(SECRET)[0], webhook_id, now, body.encode())
    told = {"webhook-id": webhook_id, "webhook-timestamp": now, "webhook-signature": signature}
    Webhook(SECRET).verify(body, told, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + " ", told, json_parse=False)


@given(st.binary(max_size=64), st.from_regex(r"[!-~]{1,80}", fullmatch=True))
def test_we_read_what_the_library_signs(garbage: bytes, webhook_id: str) -> None:
    body = garbage.decode(errors="replace")
    signature = Webhook(SECRET).sign(webhook_id, NOW, body)
    told = headers(signature) | {"webhook-id": webhook_id}
    assert genuine(told, body=body.encode())
    assert not genuine(told, body=body.encode() + b" ")
    assert not genuine(told, body=body.encode(), secret=OTHER)


def test_either_side_may_exchange_its_key() -> None:
    assert genuine(headers(), secret=f"{OTHER} {SECRET}")
    assert genuine(headers(), secret=f" {SECRET}\n{OTHER} ")
    assert genuine(headers(f"v1,{'A' * 43}= {SIGNATURE}"))
    assert genuine(headers(f"v1a,ed25519 nonsense, v1, {SIGNATURE}  v1"))
    assert not genuine(headers(), secret=OTHER)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_off_is_still_now(seconds: int) -> None:
    assert genuine(headers(), now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, -300.001, 300.001, 301, 86_400])
def test_more_than_five_minutes_off_is_not(seconds: float) -> None:
    assert not genuine(headers(), now=NOW + timedelta(seconds=seconds))


def test_whatever_is_changed_is_noticed() -> None:
    for told in (
        headers(id=WEBHOOK_ID + "x"),
        headers(timestamp="1614265331"),
        headers(SIGNATURE.replace("v1,", "v2,")),
        headers(SIGNATURE.removeprefix("v1,")),
        headers(SIGNATURE[:-1]),
        headers(SIGNATURE.lower()),
        headers("v1," + "é" * 44),
        headers("v1,\ud800"),
        headers(""),
    ):
        assert not genuine(told), told
    assert not genuine(headers(), body=BODY + b"\n")
    assert not genuine(headers(), body=b"")


def test_a_dot_cannot_be_moved_from_one_part_to_the_next() -> None:
    """`a.1.{}` is signed the same however it is cut, but only one cut has a time and JSON."""
    key, now = keys_of(SECRET)[0], TIMESTAMP
    signature = sign(key, "msg", now, b"{}")
    assert not genuine(
        {"webhook-id": f"msg.{now}", "webhook-timestamp": "{}", "webhook-signature": signature},
        body=b"",
    )


def test_headers_of_another_form_are_no_seal() -> None:
    for told in (
        {},
        {"webhook-id": WEBHOOK_ID},
        headers(id=""),
        headers(id="x" * 257),
        headers(id="two words"),
        headers(id="nul\x00"),
        headers(id="é"),
        headers(timestamp=""),
        headers(timestamp="-1"),
        headers(timestamp="1614265330.0"),
        headers(timestamp="１６１４２６５３３０"),
        headers(timestamp="9" * 13),
        headers(timestamp="nan"),
    ):
        assert seal_of(told) is None, told


def test_the_two_names_of_a_header_are_not_mixed() -> None:
    mixed = headers("v1,wrong") | headers(prefix="svix")
    assert not genuine(mixed)
    half = {"webhook-id": WEBHOOK_ID} | {
        name: value for name, value in headers(prefix="svix").items() if name != "svix-id"
    }
    assert seal_of(half) is None


def test_every_key_meets_every_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever is right, as many comparisons are made: time tells nothing."""
    real, compared = hmac.compare_digest, []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return real(one, other)

    monkeypatch.setattr(signatures.hmac, "compare_digest", compare)
    keys, counts = keys_of(f"{SECRET} {OTHER}"), set()
    for listed in ((SIGNATURE, "v1,x"), ("v1,x", SIGNATURE), ("v1,x", "v1,y")):
        compared.clear()
        is_genuine(keys, Seal(WEBHOOK_ID, TIMESTAMP, listed), BODY, NOW)
        counts.add(len(compared))
    assert counts == {4}


def test_a_header_full_of_signatures_costs_no_more_than_ten() -> None:
    seal = seal_of(headers("v1,x " * 5_000 + SIGNATURE))
    assert seal is not None
    assert len(seal.signatures) == 10


@pytest.mark.parametrize("size", [24, 32, 64])
def test_secrets_of_24_to_64_bytes_are_keys(size: int) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * size).decode()
    assert keys_of(secret) == (b"k" * size,)
    assert keys_of(secret.rstrip("=")) == (b"k" * size,)


def test_what_is_no_secret_is_refused_without_being_repeated() -> None:
    for listed in (
        "hunter2",
        "whsec_",
        "whsec_hunter2",
        "whsec_" + base64.b64encode(b"k" * 23).decode(),
        "whsec_" + base64.b64encode(b"k" * 65).decode(),
        "whsec_" + "ä" * 40,
        f"{SECRET},{OTHER}",
        f"{SECRET} hunter2",
        SECRET.removeprefix("whsec_"),
    ):
        with pytest.raises(ValueError, match="base64 of 24 to 64 bytes") as refused:
            keys_of(listed)
        assert "hunter2" not in str(refused.value)
        assert SECRET not in str(refused.value)


def test_no_secret_is_no_key_and_nothing_is_genuine_then() -> None:
    assert keys_of("") == keys_of("  \n") == ()
    assert not genuine(headers(), secret="")


def test_a_new_secret_is_a_key_and_never_the_same() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(keys_of(one)[0]) == 32
