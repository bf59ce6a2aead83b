"""News to signatories, each with one ask."""
