"""Open, convert and inspect model files."""
