"""What we write about petitions to those who make them."""
