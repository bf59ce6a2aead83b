"""`/petitions/<slug>/mises-a-jour/`: news, their one ask, and what people answer."""
