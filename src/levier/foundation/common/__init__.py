"""Time, ids, tokens, typography, cleaning, cursors. No domain word."""
