"""The figures of the briefs: each answers one question, its title says the finding."""

from helpers.brief.figures.capital import capital_by_district, capital_by_project
from helpers.brief.figures.poverty import (
    district_place,
    district_trend,
    poor_households,
    poverty_map,
    target_ranges,
    trend,
)

__all__ = [
    "capital_by_district",
    "capital_by_project",
    "district_place",
    "district_trend",
    "poor_households",
    "poverty_map",
    "target_ranges",
    "trend",
]
