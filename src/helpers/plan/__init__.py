"""The planner's decisions: one YAML file per plan, read into frozen, validated models."""
