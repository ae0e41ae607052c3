"""What it costs: benchmarks against peers and limits, run by `python -m bench`."""
