"""A stand-in for Telegram's Bot API, as far as a client can tell."""
