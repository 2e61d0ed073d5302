"""A model made smaller: its vocabulary, depth, width and weights."""
