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
from helpers.brief.narrative.front import district_numbers, province_numbers, risk_list
from helpers.brief.narrative.grounds import (
    bases_list,
    data_paragraph,
    rounding_sentence,
    rules_list,
)
from helpers.brief.narrative.targets import (
    district_targets_sentence,
    groups_paragraph,
    target_sentence,
    targets_summary,
)

__all__ = [
    "bases_list",
    "capital_sentence",
    "comparison_paragraph",
    "data_paragraph",
    "district_capital_sentence",
    "district_comparison_sentence",
    "district_counterpart_sentence",
    "district_numbers",
    "district_targets_sentence",
    "district_warnings",
    "groups_paragraph",
    "placement_sentence",
    "province_numbers",
    "risk_list",
    "rounding_sentence",
    "rules_comparison_paragraph",
    "rules_list",
    "target_sentence",
    "targets_summary",
    "warnings_list",
]
