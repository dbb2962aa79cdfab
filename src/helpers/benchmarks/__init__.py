"""What `make bench` measures of this project's builds: its changes, and many short documents.

Knows both the domain and the runner, as `helpers.jobs` does; nothing imports it but the command
line and the notebooks that the measurement itself writes.
"""
