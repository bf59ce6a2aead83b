"""Who decides, in Popolo terms."""
