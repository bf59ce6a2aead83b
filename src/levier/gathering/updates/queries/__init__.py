"""What is read in several places."""
