"""A stand-in for Ollama, as far as a client can tell."""
