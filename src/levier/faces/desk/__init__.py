"""What the team sees once signed in."""
