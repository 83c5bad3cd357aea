"""The registry over HTTP: the same pages, and submission by the same rules. An extra: ``defcore[registry]``."""
