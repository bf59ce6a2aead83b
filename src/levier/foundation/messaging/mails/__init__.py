"""What a message says: templates read from files, compiled once, filled for each person."""
