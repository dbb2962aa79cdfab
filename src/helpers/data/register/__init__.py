"""The household register (danh sách hộ) of a province that keeps one: reading, checks, a sample."""
