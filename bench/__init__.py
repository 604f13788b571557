"""What CETS costs, as ratios to a named peer or limit in the same run: `make bench`."""
