"""What changes in people: one file per kind of change."""
