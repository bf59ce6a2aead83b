"""What people need done later, and by the clock."""
