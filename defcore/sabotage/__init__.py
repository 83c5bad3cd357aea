"""A cloud that lies: faults as pure functions of an answer, a proxy that tells them, and what the suite notices."""
