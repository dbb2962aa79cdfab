"""Make the illustrative (minh họa) district tables poverty.csv and criteria.csv.

    python data/nghe-an-2024/make_illustrative.py [folder]

No district figure for 2021–2024 was available, so these are invented: a plausible shape per
district, a little seeded scatter, and then the method of the largest remainder, so that the
districts add up exactly to what is known of the province (province_totals.csv). Replace both
tables by the province's own figures and delete this script.

Whole numbers only, and of `random` only `random()`, whose sequence for a seed Python guarantees:
the same bytes on every machine. Needs nothing but Python.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Mapping
from pathlib import Path

SEED = 2024
YEARS = (2021, 2022, 2023, 2024)
HERE = Path(__file__).parent

# Of the province at each year-end. Known (province_totals.csv): poor and near-poor of 2021 and
# 2024, households of both years (from the rates), the mountains' rate of both years, the poor rate
# of 2022. The other figures are assumed, on a smooth path between the known ones.
HOUSEHOLDS = {2021: 854_500, 2022: 863_600, 2023: 873_000, 2024: 882_400}
POOR = {2021: 66_673, 2022: 55_357, 2023: 45_221, 2024: 36_703}
NEAR_POOR = {2021: 56_289, 2022: 53_600, 2023: 50_700, 2024: 47_838}
MOUNTAINS_RATE = {2021: 1724, 2022: 1485, 2023: 1255, 2024: 1035}  # hundredths of a percent

# The shape: households of 2024 in hundreds and their growth a year in thousandths; the poor rate
# of each year and the near-poor rate of the first and the last, in hundredths of a percent.
SHAPE: Mapping[str, tuple[int, int, tuple[int, int, int, int], tuple[int, int]]] = {
    "Vinh": (965, 18, (100, 65, 40, 33), (120, 90)),
    "Cửa Lò": (153, 14, (125, 88, 58, 50), (200, 140)),
    "Thái Hòa": (186, 11, (175, 135, 105, 85), (260, 210)),
    "Quế Phong": (176, 11, (4000, 3520, 3050, 2625), (1500, 1460)),
    "Quỳ Châu": (146, 9, (3750, 3270, 2800, 2370), (1560, 1480)),
    "Kỳ Sơn": (172, 14, (5250, 4750, 4250, 3840), (1550, 1700)),
    "Tương Dương": (189, 10, (4250, 3760, 3300, 2965), (1580, 1590)),
    "Nghĩa Đàn": (370, 10, (780, 620, 475, 342), (900, 740)),
    "Quỳ Hợp": (341, 10, (1420, 1180, 970, 732), (1150, 980)),
    "Quỳnh Lưu": (783, 9, (290, 195, 125, 80), (480, 380)),
    "Con Cuông": (194, 10, (1930, 1630, 1360, 1090), (1400, 1260)),
    "Tân Kỳ": (389, 9, (960, 800, 650, 508), (1020, 830)),
    "Anh Sơn": (313, 9, (870, 740, 605, 522), (980, 820)),
    "Diễn Châu": (824, 9, (265, 180, 115, 73), (460, 360)),
    "Yên Thành": (796, 8, (330, 225, 143, 95), (520, 410)),
    "Đô Lương": (574, 9, (280, 190, 122, 80), (470, 370)),
    "Thanh Chương": (662, 8, (920, 765, 615, 482), (960, 790)),
    "Nghi Lộc": (521, 9, (310, 210, 135, 90), (500, 390)),
    "Nam Đàn": (443, 8, (230, 150, 95, 62), (400, 300)),
    "Hưng Nguyên": (331, 10, (275, 185, 120, 80), (460, 340)),
    "Hoàng Mai": (296, 15, (290, 200, 130, 85), (420, 320)),
}

# 76 is the province's figure; which districts the communes lie in is assumed.
SPECIAL_DIFFICULTY_COMMUNES = {
    "Kỳ Sơn": 19,
    "Tương Dương": 15,
    "Quế Phong": 11,
    "Quỳ Châu": 10,
    "Con Cuông": 8,
    "Quỳ Hợp": 6,
    "Thanh Chương": 3,
    "Tân Kỳ": 2,
    "Anh Sơn": 2,
}
HOUSING_NEED = 1_900
"""Poor and near-poor households of the poor districts that need a house (assumed)."""


def scattered(value: int, width: int, chance: random.Random) -> int:
    """Return 10,000 times the value, moved by up to ±width ten-thousandths of it."""
    return value * (10_000 - width + int(chance.random() * (2 * width + 1)))


def shared(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Return the total shared by weight: whole numbers, by largest remainder, adding up exactly."""
    whole = sum(weights.values())
    parts = {name: total * weight // whole for name, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda name: (-(total * weights[name] % whole), name))
    for name in by_remainder[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def poverty(mountains: frozenset[str], chance: random.Random) -> dict[int, dict[str, list[int]]]:
    """Return households, poor and near-poor households by year and district."""
    tables = {}
    sizes = {name: scattered(size, 40, chance) for name, (size, _, _, _) in SHAPE.items()}
    for place, year in enumerate(YEARS):
        back = YEARS[-1] - year
        households = shared(
            HOUSEHOLDS[year],
            {
                name: sizes[name] * (1000 - growth) ** back * 1000 ** (3 - back)
                for name, (_, growth, _, _) in SHAPE.items()
            },
        )
        poor_weights = {
            name: households[name] * scattered(rates[place], 40, chance)
            for name, (_, _, rates, _) in SHAPE.items()
        }
        in_mountains = sum(households[name] for name in mountains)
        poor_in_mountains = (in_mountains * MOUNTAINS_RATE[year] + 5_000) // 10_000
        poor = shared(
            poor_in_mountains, {name: poor_weights[name] for name in SHAPE if name in mountains}
        ) | shared(
            POOR[year] - poor_in_mountains,
            {name: poor_weights[name] for name in SHAPE if name not in mountains},
        )
        near_poor = shared(
            NEAR_POOR[year],
            {
                name: households[name] * scattered(first * back + last * (3 - back), 150, chance)
                for name, (_, _, _, (first, last)) in SHAPE.items()
            },
        )
        tables[year] = {name: [households[name], poor[name], near_poor[name]] for name in SHAPE}
    return tables


def criteria(
    before: Mapping[str, list[int]],
    regions: Mapping[str, str],
    poor_districts: frozenset[str],
    chance: random.Random,
) -> dict[str, list[int]]:
    """Return the allocation criteria by district, from the counts at the end of 2023."""
    per_household = {"highland": 23, "mountainous": 20, "lowland": 17}  # workers, in tenths
    counted = {name: poor + near_poor for name, (_, poor, near_poor) in before.items()}
    workers = {
        name: counted[name] * scattered(per_household[regions[name]], 400, chance) // 100_000
        for name in SHAPE
    }
    housing = shared(
        HOUSING_NEED,
        {name: scattered(counted[name], 1500, chance) for name in SHAPE if name in poor_districts},
    )
    return {
        name: [SPECIAL_DIFFICULTY_COMMUNES.get(name, 0), workers[name], housing.get(name, 0)]
        for name in SHAPE
    }


def write(path: Path, header: list[str], rows: list[list[object]]) -> None:
    """Write a table as Excel opens it without asking: UTF-8 with its mark, commas."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def main(folder: Path = HERE) -> None:
    """Write both tables into the folder, districts in the order of districts.csv."""
    with (HERE / "districts.csv").open(encoding="utf-8-sig", newline="") as file:
        districts = list(csv.DictReader(file))
    regions = {row["name"]: row["region"] for row in districts}
    mountains = frozenset(name for name, region in regions.items() if region != "lowland")
    poor_districts = frozenset(row["name"] for row in districts if row["poor_district"] == "yes")
    chance = random.Random(SEED)
    counts = poverty(mountains, chance)
    values = criteria(counts[YEARS[-2]], regions, poor_districts, chance)
    write(
        folder / "poverty.csv",
        ["district", "year", "households", "poor_households", "near_poor_households"],
        [[name, year, *counts[year][name]] for name in regions for year in YEARS],
    )
    write(
        folder / "criteria.csv",
        ["district", "special_difficulty_communes", "poor_workers", "housing_need"],
        [[name, *values[name]] for name in regions],
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
