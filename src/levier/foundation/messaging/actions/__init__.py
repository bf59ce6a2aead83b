"""Prepare a message, queue it, claim it, send it, write down what became of it."""
