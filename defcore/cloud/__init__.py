"""A target: credentials from ``clouds.yaml``, log-in, HTTP with nothing hidden, and what may be written of it."""
