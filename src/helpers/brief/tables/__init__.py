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
from helpers.brief.tables.commune import commune_table
from helpers.brief.tables.households import register_measures_tables
from helpers.brief.tables.layout import preview
from helpers.brief.tables.plan import (
    plan_results_table,
    plan_sources_table,
    plan_targets_table,
    plan_trust_table,
)
from helpers.brief.tables.plan_units import (
    all_communes_capital,
    all_communes_poor,
    all_shares,
)
from helpers.brief.tables.poverty import (
    at_risk_table,
    communes_table,
    deprivations_table,
    flows_table,
)
from helpers.brief.tables.register import (
    counterpart_table,
    district_register_tables,
    register_tables,
)
from helpers.brief.tables.remarks import district_remarks_table
from helpers.brief.tables.review import review_tables
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
    "all_communes_capital",
    "all_communes_poor",
    "all_shares",
    "at_risk_table",
    "coefficient_tables",
    "commune_table",
    "commune_tables",
    "communes_table",
    "comparison_table",
    "counterpart_table",
    "deprivations_table",
    "district_capital_table",
    "district_comparison_table",
    "district_register_tables",
    "district_remarks_table",
    "district_targets_table",
    "districts_table",
    "flows_table",
    "lines_table",
    "matrix_table",
    "not_allocated_table",
    "plan_results_table",
    "plan_sources_table",
    "plan_targets_table",
    "plan_trust_table",
    "preview",
    "projects_table",
    "rates_table",
    "register_measures_tables",
    "register_tables",
    "review_tables",
    "rules_comparison_table",
    "rules_table",
    "shares_table",
    "sources_table",
    "targets_table",
    "worksheet_table",
]
