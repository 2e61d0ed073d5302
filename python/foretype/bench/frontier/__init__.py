"""Model files beside each other: what each saves, and what it costs, on the same replay."""
