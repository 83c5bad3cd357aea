"""Shows that the runner survives what real clouds do: ``python -m benchmarks.prove_runner``, or ``make prove-runner``.

Each proof breaks something on purpose around real runs on a reference cloud, and prints raw counts with denominators.
"""
