"""The wiring: settings, addresses, servers and the command line. It knows everyone."""
