"""The group commit: signatures that arrive within a few milliseconds, written as one transaction.

See docs/decisions/10-group-commit.md.
"""
