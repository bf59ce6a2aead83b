"""What is typed about a petition. Nothing here writes but a picture’s own file."""
