"""Speed of the parts, each measured alone: language model, trie, keystroke."""
