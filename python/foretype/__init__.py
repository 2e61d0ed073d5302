"""Autocomplete that runs on your own device."""
