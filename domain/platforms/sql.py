"""Pieces of SQL that say what an offer means, for the statements written by hand."""

INCLUDED = "('subscription', 'free', 'ads')"
"""Watchable without paying for the title itself: a subscription, an ad break, a broadcaster."""

ON_NOW = """
    gone_at IS NULL
    AND (expires_on IS NULL OR expires_on >= CAST(:today AS date))
    AND (available_from IS NULL OR available_from <= CAST(:today AS date))
"""
"""Whether an offer holds on the viewer's day, the parameter `today`."""
