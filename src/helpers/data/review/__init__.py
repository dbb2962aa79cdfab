"""The yearly review (rà soát) as districts and communes return it: forms, reading, checking."""
