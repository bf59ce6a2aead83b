"""The rows of this package: one file per noun."""
