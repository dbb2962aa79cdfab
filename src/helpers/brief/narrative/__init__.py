"""Sentences built from published tables, natural for none, one and many, reached and missed."""

from helpers.brief.narrative.capital import (
    capital_sentence,
    district_capital_sentence,
    district_counterpart_sentence,
    placement_sentence,
)
from helpers.brief.narrative.changes import (
    comparison_paragraph,
    district_comparison_sentence,
    district_warnings,
    rules_comparison_paragraph,
    warnings_list,
)
from helpers.brief.narrative.commune import (
    commune_header,
    commune_numbers,
    commune_paragraph,
)
from helpers.brief.narrative.deprivations import (
    communes_paragraph,
    deprivation_paragraph,
    district_needs_paragraph,
)
from helpers.brief.narrative.flows import (
    district_flow_paragraph,
    district_move_sentence,
    flow_paragraph,
)
from helpers.brief.narrative.forecast import (
    district_forecast,
    forecast_paragraph,
    forecast_sentence,
)
from helpers.brief.narrative.front import district_numbers, province_numbers, risk_list
from helpers.brief.narrative.grounds import (
    data_paragraph,
    rounding_sentence,
    rules_list,
)
from helpers.brief.narrative.method import (
    disclosure_note,
    district_disclosure_note,
    forecast_method,
    judgement_method,
    risk_method,
)
from helpers.brief.narrative.plan_capital import plan_carried, plan_counterpart, plan_total
from helpers.brief.narrative.plan_duties import (
    plan_closing,
    plan_duties,
    plan_measures,
    plan_results,
)
from helpers.brief.narrative.plan_front import (
    plan_goal,
    plan_header,
    plan_opening,
    plan_targets,
)
from helpers.brief.narrative.plan_projects import plan_projects
from helpers.brief.narrative.targets import (
    count_target_sentence,
    district_targets_sentence,
    groups_paragraph,
    target_sentence,
    targets_summary,
)

__all__ = [
    "capital_sentence",
    "commune_header",
    "commune_numbers",
    "commune_paragraph",
    "communes_paragraph",
    "comparison_paragraph",
    "count_target_sentence",
    "data_paragraph",
    "deprivation_paragraph",
    "disclosure_note",
    "district_capital_sentence",
    "district_comparison_sentence",
    "district_counterpart_sentence",
    "district_disclosure_note",
    "district_flow_paragraph",
    "district_forecast",
    "district_move_sentence",
    "district_needs_paragraph",
    "district_numbers",
    "district_targets_sentence",
    "district_warnings",
    "flow_paragraph",
    "forecast_method",
    "forecast_paragraph",
    "forecast_sentence",
    "groups_paragraph",
    "judgement_method",
    "placement_sentence",
    "plan_carried",
    "plan_closing",
    "plan_counterpart",
    "plan_duties",
    "plan_goal",
    "plan_header",
    "plan_measures",
    "plan_opening",
    "plan_projects",
    "plan_results",
    "plan_targets",
    "plan_total",
    "province_numbers",
    "risk_list",
    "risk_method",
    "rounding_sentence",
    "rules_comparison_paragraph",
    "rules_list",
    "target_sentence",
    "targets_summary",
    "warnings_list",
]
