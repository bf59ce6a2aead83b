"""What is written to people: one function for each message."""
