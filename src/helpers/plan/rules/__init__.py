"""Allocation rules as written law: one dated YAML file a rule set, read into frozen models."""
