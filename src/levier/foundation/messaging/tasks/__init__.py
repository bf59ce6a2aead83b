"""Jobs of this package, one file per kind."""
