"""What stands in front of Django: the signing path, and pages kept for a few seconds."""
