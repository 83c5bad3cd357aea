"""Signed reports: statement, envelope, keys, offline verification. Knows nothing of how a run happened."""
