"""`/moi/`: one's own signatures, words, agreements and data, opened by a link from the mailbox."""
