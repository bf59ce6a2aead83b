"""What the worker process does, each part kept alive by itself."""
