"""The figures of the briefs: each answers one question, its title says the finding."""

from helpers.brief.figures.capital import capital_by_district, capital_by_project
from helpers.brief.figures.deprivations import district_lacks, district_needs, province_needs
from helpers.brief.figures.flows import district_flows, year_flow, year_flows
from helpers.brief.figures.map import poverty_map
from helpers.brief.figures.moves import rate_moves
from helpers.brief.figures.place import district_place
from helpers.brief.figures.rows import beside
from helpers.brief.figures.targets import poor_households, target_ranges
from helpers.brief.figures.trend import district_trend, trend

__all__ = [
    "beside",
    "capital_by_district",
    "capital_by_project",
    "district_flows",
    "district_lacks",
    "district_needs",
    "district_place",
    "district_trend",
    "poor_households",
    "poverty_map",
    "province_needs",
    "rate_moves",
    "target_ranges",
    "trend",
    "year_flow",
    "year_flows",
]
