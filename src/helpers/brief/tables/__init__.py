"""The tables of the briefs: which published columns, under which headings."""

from helpers.brief.tables.capital import (
    agencies_table,
    district_capital_table,
    districts_table,
    lines_table,
    matrix_table,
    not_allocated_table,
    projects_table,
)
from helpers.brief.tables.changes import (
    comparison_table,
    district_comparison_table,
    rules_comparison_table,
)
from helpers.brief.tables.coefficients import (
    coefficient_tables,
    commune_tables,
)
from helpers.brief.tables.layout import preview
from helpers.brief.tables.register import (
    counterpart_table,
    district_register_tables,
    register_tables,
)
from helpers.brief.tables.rules import rules_table
from helpers.brief.tables.sources import sources_table
from helpers.brief.tables.targets import (
    district_targets_table,
    rates_table,
    targets_table,
)
from helpers.brief.tables.worksheet import shares_table, worksheet_table

__all__ = [
    "agencies_table",
    "coefficient_tables",
    "commune_tables",
    "comparison_table",
    "counterpart_table",
    "district_capital_table",
    "district_comparison_table",
    "district_register_tables",
    "district_targets_table",
    "districts_table",
    "lines_table",
    "matrix_table",
    "not_allocated_table",
    "preview",
    "projects_table",
    "rates_table",
    "register_tables",
    "rules_comparison_table",
    "rules_table",
    "shares_table",
    "sources_table",
    "targets_table",
    "worksheet_table",
]
