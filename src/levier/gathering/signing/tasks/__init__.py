"""What follows a signature, later: thanks, reminders, returned mail."""
