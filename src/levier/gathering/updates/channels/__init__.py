"""Files for other programs: calendars, feeds."""
