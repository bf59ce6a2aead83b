"""The right message, once, through the right channel."""
