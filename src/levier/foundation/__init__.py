"""What every wing stands on: identity, people, deciders, campaigns, messages, and the log."""
