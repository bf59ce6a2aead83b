"""What petitions need later, by the clock."""
