"""The text, its ask, its page, its words from signatories."""
