"""Plan → journal → run record: the tests carried out, with deadlines, ledger, evidence and cleanup."""
