"""Code that runs inside the cloud's own environment, by path; it imports nothing of the rest of defcore."""
