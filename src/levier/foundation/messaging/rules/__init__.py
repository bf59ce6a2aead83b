"""Who a mail is from and to, where its links lead, what a server's reply means."""
