"""What runs in Tempest's own environment. It imports nothing else of defcore."""
