"""Who says what is filler, and what is believed of it."""
