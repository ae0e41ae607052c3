"""The words an offer is described with."""

from enum import StrEnum


class Monetization(StrEnum):
    """How a title is paid for."""

    SUBSCRIPTION = "subscription"
    FREE = "free"
    ADS = "ads"
    RENT = "rent"
    BUY = "buy"
    CINEMA = "cinema"


class Quality(StrEnum):
    """The best picture an offer gives."""

    UNKNOWN = "unknown"
    SD = "sd"
    HD = "hd"
    UHD_4K = "4k"
