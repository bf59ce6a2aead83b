"""Ways out of here: what is printed, what is read of the press."""
