"""The peer ibus-typing-booster: its ranking rule, written anew from what it does."""
