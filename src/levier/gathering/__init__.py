"""Source 1, 2 and 3: petitions, signatures and news to signatories."""
