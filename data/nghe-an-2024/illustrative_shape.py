"""What the illustrative (minh họa) review assumes: by district, by ethnic group, by region.

All of it is invented, but for the totals that are said to be known: the input of
make_illustrative_review.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Of ethnic minorities in the province at each year-end. Known (province_totals.csv): the poor of
# 2024, households of 2024 (from the rate), the rate of 2021. The other figures are assumed.
DTTS_HOUSEHOLDS = {2021: 109_500, 2022: 110_800, 2023: 112_100, 2024: 113_400}
DTTS_POOR = {2021: 42_245, 2022: 37_400, 2023: 32_750, 2024: 28_255}
# By district, all assumed: what part of the households, of the poor (first and last year) and of
# the near-poor is of an ethnic minority, in thousandths. Other districts have none.
DTTS: Mapping[str, tuple[int, tuple[int, int], int]] = {
    "Kỳ Sơn": (950, (985, 990), 965),
    "Tương Dương": (905, (975, 985), 945),
    "Quế Phong": (905, (975, 985), 940),
    "Quỳ Châu": (790, (945, 970), 880),
    "Con Cuông": (735, (930, 960), 860),
    "Quỳ Hợp": (500, (790, 880), 640),
    "Nghĩa Đàn": (290, (650, 760), 440),
    "Tân Kỳ": (215, (600, 720), 380),
    "Thanh Chương": (72, (300, 370), 110),
    "Anh Sơn": (92, (400, 450), 170),
    "Thái Hòa": (45, (210, 330), 120),
    "Quỳnh Lưu": (6, (20, 30), 15),
    "Yên Thành": (3, (8, 12), 6),
    "Đô Lương": (2, (3, 6), 3),
    "Vinh": (4, (4, 7), 4),
}

ETHNICITIES = ("Kinh", "Thái", "Thổ", "Khơ Mú", "Mông", "Ơ Đu", "Dân tộc khác")
# Which minorities a district's poor belong to, by weight; elsewhere ELSEWHERE. All assumed.
MINORITIES: Mapping[str, Mapping[str, int]] = {
    "Kỳ Sơn": {"Thái": 26, "Khơ Mú": 34, "Mông": 40},
    "Tương Dương": {"Thái": 70, "Khơ Mú": 14, "Mông": 11, "Ơ Đu": 8, "Dân tộc khác": 1},
    "Quế Phong": {"Thái": 90, "Thổ": 2, "Khơ Mú": 2, "Mông": 6},
    "Quỳ Châu": {"Thái": 96, "Thổ": 3, "Dân tộc khác": 1},
    "Con Cuông": {"Thái": 88, "Thổ": 11, "Dân tộc khác": 1},
    "Quỳ Hợp": {"Thái": 64, "Thổ": 35, "Dân tộc khác": 1},
    "Nghĩa Đàn": {"Thái": 25, "Thổ": 74, "Dân tộc khác": 1},
    "Tân Kỳ": {"Thái": 28, "Thổ": 71, "Dân tộc khác": 1},
    "Thanh Chương": {"Thái": 88, "Khơ Mú": 9, "Dân tộc khác": 3},
    "Anh Sơn": {"Thái": 98, "Dân tộc khác": 2},
}
ELSEWHERE = {"Thái": 6, "Thổ": 3, "Dân tộc khác": 1}
ONE_COMMUNE = {"Ơ Đu": "Nga My"}
"""A small ethnic group that lives in one commune only."""

# What part of the year's change is made by these dates, in thousandths: most districts push late.
PACES = {
    "ahead": (190, 470, 900),
    "on track": (130, 360, 770),
    "slow": (90, 260, 580),
    "at risk": (40, 130, 340),
}
PACE: Mapping[str, str] = {
    **dict.fromkeys(("Vinh", "Nam Đàn", "Yên Thành", "Quế Phong", "Con Cuông"), "ahead"),
    **dict.fromkeys(("Kỳ Sơn", "Tương Dương", "Anh Sơn", "Hưng Nguyên", "Hoàng Mai"), "slow"),
    **dict.fromkeys(("Quỳ Châu", "Nghĩa Đàn", "Tân Kỳ", "Thái Hòa", "Cửa Lò"), "at risk"),
}


@dataclass(frozen=True)
class Region:
    """What is assumed of a region: rates in thousandths, household sizes in tenths of a person.

    `newly`, `other_increase`, `other_decrease` are parts of the opening number; `relapsed` of the
    year's fall; `back` of the opening near-poor; `to_near` of those who escape. `poor_lacks` and
    `near_lacks` follow INDICATORS, `causes` CAUSES. `no_labour` and `merit` have one rate for the
    ethnic minorities and one for others.
    """

    sizes: tuple[int, int, int]
    average: int
    newly: int
    other_increase: int
    other_decrease: int
    relapsed: int
    back: int
    to_near: int
    poor_lacks: tuple[int, ...]
    near_lacks: tuple[int, ...]
    no_labour: tuple[int, int]
    merit: tuple[int, int]
    causes: tuple[int, ...]
    children: tuple[int, int]
    ill_children: tuple[int, int]


INDICATORS = (
    *("employment", "dependents", "nutrition", "health_insurance", "adult_education"),
    *("child_schooling", "housing_quality", "housing_area", "water", "sanitation", "telecom"),
    "information",
)
OF_CHILDREN = ("nutrition", "child_schooling")
CAUSES = (
    *("no_land", "no_capital", "no_workers", "no_tools", "no_knowledge", "no_skills", "illness"),
    "other_cause",
)
OVERLAPPING = 250
"""How many of a thousand communes count a household in every group of form 8 that it belongs to."""
YEARLY_IMPROVEMENT = 30
"""By how many thousandths more households lacked an indicator a year earlier."""

REGIONS = {
    "highland": Region(
        sizes=(45, 45, 43), average=420,
        newly=14, other_increase=9, other_decrease=13, relapsed=36, back=26, to_near=620,
        poor_lacks=(380, 330, 430, 45, 560, 75, 540, 380, 410, 800, 450, 590),
        near_lacks=(190, 150, 150, 120, 230, 22, 120, 100, 120, 310, 130, 150),
        no_labour=(48, 330), merit=(7, 40),
        causes=(290, 540, 140, 340, 420, 310, 100, 90),
        children=(390, 370), ill_children=(620, 260),
    ),
    "mountainous": Region(
        sizes=(39, 40, 40), average=330,
        newly=19, other_increase=8, other_decrease=24, relapsed=22, back=13, to_near=500,
        poor_lacks=(430, 470, 290, 90, 490, 45, 400, 240, 270, 640, 480, 440),
        near_lacks=(210, 210, 90, 190, 210, 15, 80, 70, 80, 220, 170, 130),
        no_labour=(100, 400), merit=(8, 22),
        causes=(150, 400, 290, 220, 260, 230, 240, 130),
        children=(330, 330), ill_children=(450, 180),
    ),
    "lowland": Region(
        sizes=(36, 37, 39), average=240,
        newly=30, other_increase=7, other_decrease=45, relapsed=11, back=6, to_near=400,
        poor_lacks=(470, 620, 150, 110, 460, 30, 280, 150, 140, 460, 560, 370),
        near_lacks=(220, 270, 50, 230, 190, 10, 60, 50, 50, 150, 210, 120),
        no_labour=(200, 450), merit=(8, 16),
        causes=(60, 180, 470, 90, 130, 120, 420, 190),
        children=(240, 280), ill_children=(320, 130),
    ),
}  # fmt: skip
