"""The embedded PostgreSQL: where it lives, how it is set, how it starts and stops."""
