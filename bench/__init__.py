"""Side-by-side measures: each figure beside its reference, on the same machine, in the same run."""
