"""The identities between the numbers of the forms, and what disagrees."""
