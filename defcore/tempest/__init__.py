"""Tempest as an engine: an installation of its own, configured from clouds.yaml, its results in our journal."""
