"""What is looked at before a first mail in number: the domain it comes from, what it says (J23)."""
