"""What anyone sees: petitions, signing, my signatures."""
