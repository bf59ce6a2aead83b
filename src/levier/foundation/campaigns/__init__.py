"""What we want changed, and the team of it."""
