"""Links, receipts, guards and gates of signing."""
