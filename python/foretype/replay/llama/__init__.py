"""llama.cpp as a peer: its model files, its own process, and the system that drives it."""
