"""What is read of signatures: the count, what a mailbox signed, what waits for a decision."""
