"""Reads of what was sent, waits or is held."""
