"""A stand-in for Resend, as far as a client can tell."""
