"""News to signatories: written, read again, published, followed, answered."""
