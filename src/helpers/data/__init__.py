"""What the province reports: tables in, checked; named tables out.

Nothing is imported here, so that a brief, which only reads published tables, does not load the
schema library: take `helpers.data.reading`, `helpers.data.checks` and so on.
"""
