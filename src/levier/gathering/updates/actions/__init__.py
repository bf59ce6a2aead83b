"""What changes: one verb each."""
