"""`/lancer/`: launching a petition in five steps, with an account only at the end."""
