"""What happens to a signature after it was taken."""
