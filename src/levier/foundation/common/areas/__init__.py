"""Départements, provinces, cantons: their names, their postcodes, their outlines."""
