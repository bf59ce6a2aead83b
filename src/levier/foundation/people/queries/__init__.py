"""What is read of people: their addresses, their agreements, the lists they are on."""
