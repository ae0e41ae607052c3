"""`python -m simulators.ollama.serve`: a small real model behind Ollama's API, on this machine."""

import argparse
import os
import sys

from simulators.ollama.app import make_real
from simulators.ollama.llama import NotInstalled, weights
from simulators.server import serve

_AFTER_PEOPLE = 5  # of 19: whoever asks for an answer comes before whoever phrases it


def main() -> int:
    """Serve until a signal says to stop. Exit code 1 where something is missing."""
    options = argparse.ArgumentParser(prog="python -m simulators.ollama.serve", description=__doc__)
    options.add_argument("--port", type=int, default=11434)
    port = options.parse_args().port
    try:
        file = weights()
    except NotInstalled as missing:
        sys.stderr.write(f"{missing}. Type `make local-llm`; it takes a few minutes.\n")
        return 1
    os.nice(_AFTER_PEOPLE)
    serve(make_real(file), port=port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
