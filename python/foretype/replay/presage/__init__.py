"""The peer Presage: its library in a process of its own."""
