"""Levier: from the signature to the decision. Start reading at docs/architecture.md."""
