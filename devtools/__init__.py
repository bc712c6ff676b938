"""The parts of `./dev`. Python's standard library only: it runs before anything is installed."""
