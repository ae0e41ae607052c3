"""A stand-in for Trakt, as far as a client can tell."""
