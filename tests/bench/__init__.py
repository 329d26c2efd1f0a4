"""How near the product comes to the limit of its database: a benchmark, not a test."""
