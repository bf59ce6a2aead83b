"""What leaves, what comes back, what it looks like: the messages of an organisation."""
