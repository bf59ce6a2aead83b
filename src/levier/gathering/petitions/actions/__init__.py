"""Changes to petitions, their words and the words of their signatories."""
