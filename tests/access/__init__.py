"""The attack on access: a world of agencies, and everything somebody of the wrong one may try."""
