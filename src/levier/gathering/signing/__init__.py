"""The hot path: sign, confirm, withdraw, count."""
