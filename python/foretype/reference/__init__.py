"""Slow readable twins of the fast parts, for tests only."""
