"""The wiring: settings, addresses, servers and the command line. Knows everyone; nobody knows it."""
