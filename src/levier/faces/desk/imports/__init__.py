"""Files of people brought from elsewhere: sent, understood, checked, written, taken back."""
