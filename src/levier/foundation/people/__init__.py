"""Who supports us, what they agreed to, what happened between us."""
