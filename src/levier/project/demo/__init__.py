"""The demonstration: a fictional town, its cast, and the main job played once for real."""
