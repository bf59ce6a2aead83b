"""What leaves on paper about signatures."""
