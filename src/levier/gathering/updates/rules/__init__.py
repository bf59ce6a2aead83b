"""What is allowed, and what the words of an ask become."""
