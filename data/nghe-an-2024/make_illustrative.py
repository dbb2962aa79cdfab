"""Make the illustrative (minh họa) tables: districts, communes, capital of earlier years.

    python data/nghe-an-2024/make_illustrative.py [folder]

No district figure for 2021–2024 was available, so these are invented: a plausible shape per
district, a little seeded scatter, and then the method of the largest remainder, so that the
districts add up exactly to what is known of the province (province_totals.csv), the communes to
their districts, and the capital to the year's total. Replace the tables by the province's own
figures and delete this script.

Whole numbers only, and of `random` only `random()`, whose sequence for a seed Python guarantees:
the same bytes on every machine. Needs nothing but Python.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Mapping, Sequence
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


# The communes' shape, by kind: households in tenths of a percent of a usual commune's, and how
# much poorer or richer than its district, in percent. Special difficulty takes the kind's place.
COMMUNE_SIZE = {"xã": 1000, "thị trấn": 1250, "phường": 1350}
COMMUNE_POOR = {"xã": 100, "thị trấn": 60, "phường": 75}
POOR_IN_SPECIAL_DIFFICULTY = 150

# Central capital by year and capital type, in triệu. Known: the investment of 2022.
CAPITAL = {
    (2022, "ĐTPT"): 305_531,
    (2022, "SN"): 163_200,
    (2023, "ĐTPT"): 196_400,
    (2023, "SN"): 287_500,
}
SOURCE = "NSTW"

# By line and capital type: its weight within the type, by what districts share it, and what part
# of it was disbursed, in thousandths, of the capital of 2022 (to the end of 2023) and of 2023.
LINES: Mapping[tuple[str, str], tuple[int, str, tuple[int, int]]] = {
    ("DA1-TDA1", "ĐTPT"): (803_895, "poor_districts", (640, 270)),
    ("DA1-TDA1", "SN"): (80, "poor_districts", (560, 430)),
    ("DA2", "SN"): (340, "poor", (420, 290)),
    ("DA3-TDA1", "SN"): (200, "poor", (480, 350)),
    ("DA3-TDA2", "SN"): (80, "poor", (520, 380)),
    ("DA4-TDA1", "ĐTPT"): (68_984, "poor", (450, 190)),
    ("DA4-TDA1", "SN"): (180, "poor", (400, 310)),
    ("DA4-TDA2", "SN"): (30, "poor", (330, 260)),
    ("DA4-TDA3", "ĐTPT"): (45_989, "poor", (430, 160)),
    ("DA4-TDA3", "SN"): (50, "poor", (580, 460)),
    ("DA5", "SN"): (300, "housing", (700, 620)),
    ("DA6-TDA1", "SN"): (60, "poor", (450, 370)),
    ("DA6-TDA2", "SN"): (40, "communes", (780, 690)),
    ("DA7-TDA1", "SN"): (80, "communes", (720, 640)),
    ("DA7-TDA2", "SN"): (60, "communes", (760, 700)),
}
# What province agencies got of a line, in percent; districts share the rest.
AGENCIES: Mapping[str, Mapping[str, int]] = {
    "DA4-TDA1": {"Sở Lao động - Thương binh và Xã hội": 28},
    "DA4-TDA2": {"Sở Lao động - Thương binh và Xã hội": 25},
    "DA4-TDA3": {"Sở Lao động - Thương binh và Xã hội": 35},
    "DA6-TDA1": {"Sở Thông tin và Truyền thông": 45},
    "DA6-TDA2": {"Sở Thông tin và Truyền thông": 15, "Sở Lao động - Thương binh và Xã hội": 10},
    "DA7-TDA1": {
        "Sở Lao động - Thương binh và Xã hội": 15,
        "Sở Nông nghiệp và Phát triển nông thôn": 5,
        "Ban Dân tộc": 5,
    },
    "DA7-TDA2": {"Sở Lao động - Thương binh và Xã hội": 20},
}
KNOWN_DISBURSED = ("Tương Dương", "DA2", 3184)
"""A district and line whose disbursement of both years together is known, in hundredths of a
percent."""

SMALLEST_CARRIED = 20
"""What is left below so many triệu is returned, not carried over."""
RETURNED = {2022: frozenset(("DA6-TDA1", "DA6-TDA2", "DA7-TDA1", "DA7-TDA2")), 2023: frozenset()}
"""Lines whose undisbursed capital of a year was returned as a whole."""

# Of what a district carries over (or, of the plan's own year, a fixed amount): date, kind, line,
# capital type, vintage, from, part in percent or triệu, to, line to, document.
MOVEMENTS = (
    ("2024-04-22", "điều chuyển", "DA2", "SN", 2023, "Tương Dương", "30%", "Kỳ Sơn", "",
     "Minh họa: quyết định điều chuyển vốn kéo dài lần 1"),
    ("2024-04-22", "điều chuyển", "DA4-TDA1", "SN", 2023, "Con Cuông", "40%", "Quế Phong",
     "DA4-TDA3", "Minh họa: quyết định điều chuyển vốn kéo dài lần 1"),
    ("2024-07-15", "trả lại", "DA3-TDA2", "SN", 2022, "Thanh Chương", "50%", "", "",
     "Minh họa: quyết định thu hồi vốn không còn nhu cầu"),
    ("2024-10-08", "điều chuyển", "DA5", "SN", 2024, "Quỳ Châu", "800", "Kỳ Sơn", "",
     "Minh họa: quyết định điều chỉnh kế hoạch vốn năm 2024"),
)  # fmt: skip


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


def special_difficulty(
    communes: Sequence[Mapping[str, str]], chance: random.Random
) -> frozenset[str]:
    """Return the codes of the communes in special difficulty: as many as the district has.

    Which ones is left to chance; wards and townships are none.
    """
    lots = {
        row["code"]: int(chance.random() * 10**9) if row["kind"] == "xã" else 10**9
        for row in communes
    }
    chosen: list[str] = []
    for district, number in SPECIAL_DIFFICULTY_COMMUNES.items():
        codes = [row["code"] for row in communes if row["district"] == district]
        chosen += sorted(codes, key=lambda code: (lots[code], code))[:number]
    return frozenset(chosen)


def commune_poverty(
    communes: Sequence[Mapping[str, str]],
    special: frozenset[str],
    totals: Mapping[str, list[int]],
    chance: random.Random,
) -> dict[str, tuple[int, int, int]]:
    """Return households, poor and near-poor households by commune, adding up to the districts."""
    values = {}
    for district, (households, poor, near_poor) in totals.items():
        kinds = {row["code"]: row["kind"] for row in communes if row["district"] == district}
        sizes = shared(
            households, {code: scattered(COMMUNE_SIZE[kinds[code]], 2000, chance) for code in kinds}
        )
        factors = {
            code: POOR_IN_SPECIAL_DIFFICULTY if code in special else COMMUNE_POOR[kinds[code]]
            for code in kinds
        }
        poor_weights, near_poor_weights = (
            {code: sizes[code] * scattered(factors[code] + even, width, chance) for code in kinds}
            # The near-poor are spread more evenly than the poor.
            for even, width in ((0, 1200), (100, 1000))
        )
        poor_by_code = shared(poor, poor_weights)
        near_poor_by_code = shared(near_poor, near_poor_weights)
        for code in kinds:
            values[code] = (sizes[code], poor_by_code[code], near_poor_by_code[code])
    return values


def capital_weights(
    basis: str,
    counts: Mapping[str, list[int]],
    poor_districts: frozenset[str],
    sizes: Mapping[str, int],
    chance: random.Random,
) -> dict[str, int]:
    """Return what a line's capital is shared by: of all districts or only of the poor ones."""
    if basis == "communes":
        return {name: scattered(sizes[name], 500, chance) for name in SHAPE}
    if basis == "poor":
        return {
            name: scattered(poor + near_poor, 800, chance)
            for name, (_, poor, near_poor) in counts.items()
        }
    return {
        name: scattered(poor + (near_poor if basis == "housing" else 0), 800, chance)
        for name, (_, poor, near_poor) in counts.items()
        if name in poor_districts
    }


def history(
    counts: Mapping[int, Mapping[str, list[int]]],
    poor_districts: frozenset[str],
    sizes: Mapping[str, int],
    chance: random.Random,
) -> dict[tuple[str, int, str, str], tuple[int, int]]:
    """Return what was assigned and disbursed, in triệu, by unit, year, line and type."""
    values = {}
    for (year, capital_type), total in CAPITAL.items():
        lines = {
            line: weight for (line, kind), (weight, _, _) in LINES.items() if kind == capital_type
        }
        for line, amount in shared(total, lines).items():
            _, basis, disbursed = LINES[line, capital_type]
            weights = capital_weights(basis, counts[year - 1], poor_districts, sizes, chance)
            agencies = {
                name: amount * percent // 100 for name, percent in AGENCIES.get(line, {}).items()
            }
            left = amount - sum(agencies.values())
            for name, assigned in (shared(left, weights) | agencies).items():
                part = scattered(disbursed[year - 2022], 2500, chance)
                values[name, year, line, capital_type] = (
                    assigned,
                    min(assigned, assigned * part // 10_000_000),
                )
    name, line, known = KNOWN_DISBURSED
    first, last = ((name, year, line, "SN") for year in (2022, 2023))
    both = values[first][0] + values[last][0]
    wanted = (both * known + 5_000) // 10_000
    values[last] = (values[last][0], wanted - values[first][1])
    return values


def carry_over(
    values: Mapping[tuple[str, int, str, str], tuple[int, int]],
) -> dict[tuple[str, str, str, int], int]:
    """Return what was carried over into 2024, in triệu, by unit, line, type and vintage."""
    return {
        (name, line, capital_type, year): assigned - disbursed
        for (name, year, line, capital_type), (assigned, disbursed) in values.items()
        if assigned - disbursed >= SMALLEST_CARRIED and line not in RETURNED[year]
    }


def movements(carried: Mapping[tuple[str, str, str, int], int]) -> list[list[object]]:
    """Return the rows of the movements, their amounts in whole tens of triệu."""
    rows: list[list[object]] = []
    for day, kind, line, capital_type, vintage, name, part, to, to_line, document in MOVEMENTS:
        amount = int(part.rstrip("%"))
        if part.endswith("%"):
            amount = carried[name, line, capital_type, vintage] * amount // 1000 * 10
        rows.append(
            [day, kind, line, SOURCE, capital_type, vintage, name, million(amount), to, to_line,
             document]
        )  # fmt: skip
    return rows


def million(amount: int) -> str:
    """Return triệu as a planner writes them ("5.000 triệu")."""
    return f"{amount:,} triệu".replace(",", ".")


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a table that is not made here."""
    with (HERE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, header: list[str], rows: list[list[object]]) -> None:
    """Write a table as Excel opens it without asking: UTF-8 with its mark, commas."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def main(folder: Path = HERE) -> None:
    """Write the tables into the folder, districts and communes in the order of their lists."""
    districts, communes = read("districts.csv"), read("communes.csv")
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
    special = special_difficulty(communes, chance)
    by_commune = commune_poverty(communes, special, counts[YEARS[-2]], chance)
    write(
        folder / "commune_poverty.csv",
        ["code", "name", "year", "households", "poor_households", "near_poor_households"],
        [[row["code"], row["name"], YEARS[-2], *by_commune[row["code"]]] for row in communes],
    )
    write(
        folder / "commune_criteria.csv",
        ["code", "name", "special_difficulty"],
        [[row["code"], row["name"], "yes" if row["code"] in special else "no"]
         for row in communes],
    )  # fmt: skip
    sizes = {name: sum(row["district"] == name for row in communes) for name in regions}
    spent = history(counts, poor_districts, sizes, chance)
    carried = carry_over(spent)
    order = {line: place for place, line in enumerate(LINES)}
    units = [*regions, *dict.fromkeys(name for parts in AGENCIES.values() for name in parts)]
    places = {name: place for place, name in enumerate(units)}
    write(
        folder / "history.csv",
        ["unit", "year", "line", "source", "capital_type", "assigned", "disbursed"],
        [
            [name, year, line, SOURCE, capital_type, *map(million, spent[key])]
            for key in sorted(spent, key=lambda key: (key[1], places[key[0]], order[key[2:]]))
            for name, year, line, capital_type in [key]
        ],
    )
    write(
        folder / "carry_over.csv",
        ["unit", "line", "source", "capital_type", "vintage", "amount"],
        [
            [name, line, SOURCE, capital_type, vintage, million(carried[key])]
            for key in sorted(carried, key=lambda key: (key[3], places[key[0]], order[key[1:3]]))
            for name, line, capital_type, vintage in [key]
        ],
    )
    write(
        folder / "movements.csv",
        ["date", "kind", "line", "source", "capital_type", "vintage", "unit", "amount", "to_unit",
         "to_line", "document"],
        movements(carried),
    )  # fmt: skip


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
