"""The sign form on other sites: a script, a frame, and what stands in the frame (P60)."""
