"""What is typed: one form for each action."""
