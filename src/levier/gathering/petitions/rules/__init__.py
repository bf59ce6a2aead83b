"""What is allowed, asked and aimed at: goals, consents, phases, gates."""
