"""defcore: a cloud proves that it is interoperable, and everybody else checks the proof."""

__version__ = "0.1.0"
