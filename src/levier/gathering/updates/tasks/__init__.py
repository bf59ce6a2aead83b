"""What the worker does: load, check again, call an action."""
