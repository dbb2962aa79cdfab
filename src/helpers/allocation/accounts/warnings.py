"""What a planner should look at again before an allocation is signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

import pandas as pd

from helpers import words
from helpers.allocation.accounts.tables import unit_result
from helpers.allocation.engine import Allocation
from helpers.allocation.model import Portion
from helpers.allocation.scoring import eligible_places
from helpers.data.published import Result
from helpers.errors import InputRefused
from helpers.marks import merge_marks
from helpers.plan.rules.missing import missing_numbers
from helpers.plan.rules.model import TIES
from helpers.text import listing, match_key

__all__ = [
    "ABSORPTION",
    "GINI",
    "TOP_SHARE",
    "Concentration",
    "allocation_warnings",
    "below",
    "concentration",
]

ABSORPTION: Final = Fraction(2)
"""From more than this many times a district's best year of disbursement on, it is named."""

TOP_SHARE: Final = Fraction(50)
"""Above this percentage of all district capital for the five largest, concentration is a warning.

Like `GINI` it is no legal limit: capital for poor districts is meant to be concentrated. Above it
a few districts decide how much of the year's plan is disbursed at all.
"""

GINI: Final = Fraction(1, 2)
"""Above this Gini coefficient over the districts, concentration is a warning."""

WARNING, NOTICE = "cảnh báo", "thông tin"
UNITS: Final[Mapping[str, str]] = {"district": "huyện", "commune": "xã", "agency": "sở, ngành"}
NAMED, LEAST_NAMED = 5, 3

COLUMNS = [
    *("order", "kind", "severity", "subject", "line", "count"),
    *("amount", "limit", "value", "message"),
]


class Concentration(NamedTuple):
    """How unevenly an amount lies: percent held by the largest three and five, and the Gini."""

    total: int
    top3: Fraction
    top5: Fraction
    gini: Fraction


def concentration(amounts: Iterable[int]) -> Concentration:
    """Return how concentrated amounts of zero or more are, exactly.

    With the n amounts ascending, x_1 ≤ … ≤ x_n, the Gini coefficient is
    Σ_i (2i − n − 1)·x_i / (n·Σ x): 0 where all are equal, (n − 1)/n where one holds everything.
    Of nothing everything is zero.
    """
    rising = sorted(amounts)
    total, number = sum(rising), len(rising)
    if not total:
        return Concentration(0, Fraction(0), Fraction(0), Fraction(0))
    weighted = sum((2 * i - number - 1) * amount for i, amount in enumerate(rising, start=1))
    top3, top5 = (Fraction(100 * sum(rising[-size:]), total) for size in (3, 5))
    return Concentration(total, top3, top5, Fraction(weighted, number * total))


def below(amounts: Mapping[str, int], lot: int) -> list[tuple[str, int]]:
    """Return the keys whose amount is above zero and below the lot, the smallest amount first."""
    found = [(key, amount) for key, amount in amounts.items() if 0 < amount < lot]
    return sorted(found, key=lambda item: (item[1], item[0]))


@dataclass(frozen=True)
class _Finding:
    """One row: money in đồng; `value` is a percentage, a coefficient or a multiple."""

    kind: str
    severity: str
    message: str
    subject: str = ""
    line: str = ""
    count: int | None = None
    amount: int | None = None
    limit: int | None = None
    value: Decimal | None = None


def _rounded(value: Fraction, digits: int) -> Decimal:
    """Return a number rounded half up."""
    return Decimal((2 * value * 10**digits + 1).__floor__() // 2).scaleb(-digits)


def _some(names: Sequence[str], most: int = NAMED) -> str:
    """Return the first names, and how many more there are."""
    if len(names) <= most:
        return listing(names)
    return f"{', '.join(names[:most])} và {words.count(len(names) - most)} đơn vị khác"


class _Review:
    """Looks through one allocation; every method yields the findings of one kind."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self.plan = allocation.plan
        self.short = {line.code: line.short for line in self.plan.lines}
        self.short |= {project.code: project.short for project in self.plan.projects}
        self.by_line: dict[str, list[Portion]] = defaultdict(list)
        for portion in allocation.portions.values():
            self.by_line[portion.cell.line].append(portion)

    def said(self, line: str) -> str:
        """Return a line as a sentence names it."""
        return f"{line} ({self.short[line]})" if line in self.short else line

    def below_lot(self) -> Iterator[_Finding]:
        """Yield where units get less than the rule's minimum lot and keep it (action warn)."""
        for line, portions in self.by_line.items():
            sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
            names: dict[str, str] = {}
            lots: dict[tuple[str, str], int] = {}
            for portion in portions:
                lot, units = portion.sharing.minimum_lot, portion.scores.units
                if lot is None or lot.action != "warn":
                    continue
                key = (units.level, portion.cell.capital_type)
                lots[key] = lot.amount
                names |= zip(units.codes, units.names, strict=True)
                for code, amount in zip(units.codes, portion.shared.amounts.tolist(), strict=True):
                    sums[key][code] += int(amount)
            for (level, capital_type), lot_amount in lots.items():
                found = below(sums[level, capital_type], lot_amount)
                if not found:
                    continue
                least = listing(
                    f"{names[code]} ({words.million_dong(amount)})"
                    for code, amount in found[:LEAST_NAMED]
                )
                total = sum(amount for _, amount in found)
                kind = self.plan.capital.types.get(capital_type, capital_type)
                message = (
                    f"{self.said(line)}, {kind.lower()}: {words.count(len(found))} {UNITS[level]} "
                    f"được giao dưới mức giao tối thiểu {words.million_dong(lot_amount)}, cộng "
                    f"{words.million_dong(total)}; thấp nhất là {least}."
                )
                yield _Finding(
                    "below_lot",
                    WARNING,
                    message,
                    _some([names[code] for code, _ in found]),
                    line,
                    len(found),
                    total,
                    lot_amount,
                )

    def concentration(self) -> Iterator[_Finding]:
        """Yield how much the largest districts get, and the Gini coefficient over all districts."""
        names = self.allocation.data.district_names
        amounts = self.district_amounts()
        found = concentration(amounts.values())
        if not found.total:
            return
        largest = sorted(amounts, key=lambda code: (-amounts[code], code))[:NAMED]
        many = len(amounts) > NAMED and found.top5 > TOP_SHARE
        limit = f", vượt ngưỡng cảnh báo {words.rate(TOP_SHARE, 0)}" if many else ""
        first = f", riêng ba huyện đầu được {words.rate(found.top3)}" if len(largest) > 3 else ""
        message = (
            f"{words.spelled(len(largest)).capitalize()} huyện nhận nhiều nhất "
            f"({listing(names[code] for code in largest)}) được {words.rate(found.top5)} vốn giao "
            f"cho các huyện{first}{limit}."
        )
        yield _Finding(
            "concentration",
            WARNING if many else NOTICE,
            message,
            listing(names[code] for code in largest),
            count=len(largest),
            amount=sum(amounts[code] for code in largest),
            value=_rounded(found.top5, 2),
        )
        uneven = found.gini > GINI
        limit = f", vượt ngưỡng cảnh báo {words.decimal(GINI, 4, least=1)}" if uneven else ""
        message = (
            f"Hệ số Gini của vốn giao cho {words.count(len(amounts))} huyện là "
            f"{words.decimal(found.gini, 4)}{limit} (0 là chia đều, gần 1 là dồn vào một huyện)."
        )
        yield _Finding(
            "gini",
            WARNING if uneven else NOTICE,
            message,
            count=len(amounts),
            amount=found.total,
            value=_rounded(found.gini, 4),
        )

    def district_amounts(self) -> dict[str, int]:
        """Return what each district gets, its communes included."""
        return {code: sum(own.values()) for code, own in self.district_projects().items()}

    def district_projects(self, sources: Collection[str] = ()) -> dict[str, dict[str, int]]:
        """Return what each district gets of each project, its communes included.

        With sources, only what these give.
        """
        cube = self.allocation.cube
        rows = cube[cube["level"].isin(["district", "commune"])]
        rows = rows[rows["source"].isin(sources)] if sources else rows
        projects = {line.code: line.project_code for line in self.plan.lines}
        keys = [rows["district_code"], rows["line"].map(projects)]
        found: dict[str, dict[str, int]] = {
            code: {} for code in self.allocation.data.district_names
        }
        for (code, project), amount in rows["amount"].groupby(keys).sum().items():
            found[code][project] = int(amount)
        return found

    def absorption(self) -> Iterator[_Finding]:
        """Yield what is far more than a district has disbursed in any year before, by project.

        Only capital of the sources that the history speaks of.
        """
        names = self.allocation.data.district_names
        best = self.best_years()
        # What was disbursed is known by source: only the same sources can be held against it.
        sources = set(self.allocation.data.history["source"])
        every = self.plan.capital.sources
        known = [every[code] for code in every if code in sources]
        names_of = listing(f"{name[0].lower()}{name[1:]}" for name in known)
        only = f" từ {names_of}" if len(known) < len(every) else ""
        found: list[_Finding] = []
        for code, projects in self.district_projects(sources).items() if best else ():
            for project, amount in projects.items():
                if (names[code], project) not in best:
                    continue
                year, most = best[names[code], project]
                if amount <= ABSORPTION * most:
                    continue
                given = (
                    f"{names[code]} được giao {words.million_dong(amount)} vốn "
                    f"{self.said(project)}{only}"
                )
                if most:
                    times = Fraction(amount, most)
                    message = (
                        f"{given}, gấp {words.decimal(times, 1)} lần mức giải ngân cao nhất các "
                        f"năm trước ({words.million_dong(most)}, năm {year})."
                    )
                else:
                    times = None
                    message = f"{given}, trong khi các năm trước chưa giải ngân được đồng nào."
                value = None if times is None else _rounded(times, 2)
                found.append(
                    _Finding(
                        "absorption",
                        WARNING,
                        message,
                        names[code],
                        project,
                        amount=amount,
                        limit=most,
                        value=value,
                    )
                )
        found.sort(key=lambda item: (-(item.amount or 0), item.subject, item.line))
        if found:
            yield self.absorbed(found, only)
            yield from found

    def best_years(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Return year and đồng of the most disbursed in a year, by district's name and project.

        Only where something was assigned before: who never had any has nothing to be judged by.
        """
        history = self.allocation.data.history
        projects = {line.code: line.project_code for line in self.plan.lines}
        rows = history[history["year"] < self.plan.year]
        keys = [rows["unit"], rows["line"].map(projects).fillna(""), rows["year"]]
        sums = rows[["assigned", "disbursed"]].groupby(keys).sum()
        best: dict[tuple[str, str], tuple[int, int]] = {}
        for (unit, project, year), assigned, disbursed in zip(
            sums.index, sums["assigned"].tolist(), sums["disbursed"].tolist(), strict=True
        ):
            before = best.get((unit, project))
            if assigned and (before is None or disbursed >= before[1]):
                best[unit, project] = (int(year), disbursed)
        return best

    def absorbed(self, found: Sequence[_Finding], only: str) -> _Finding:
        """Return the sum of what is far more than was absorbed before."""
        districts = list(dict.fromkeys(item.subject for item in found))
        amount = sum(item.amount or 0 for item in found)
        limit = sum(item.limit or 0 for item in found)
        message = (
            f"{words.count(len(found))} khoản vốn{only} theo dự án của "
            f"{words.count(len(districts))} huyện, cộng {words.million_dong(amount)}, hơn "
            f"{words.decimal(ABSORPTION, 1, least=0)} lần mức giải ngân cao nhất các năm "
            f"trước (cộng {words.million_dong(limit)})."
        )
        return _Finding(
            "absorption",
            WARNING,
            message,
            _some(districts),
            count=len(found),
            amount=amount,
            limit=limit,
        )

    def eligible_zero(self) -> Iterator[_Finding]:
        """Yield the eligible units that get nothing from a line that has money, and why."""
        for line, portions in self.by_line.items():
            got: dict[tuple[str, str], int] = defaultdict(int)
            why: dict[tuple[str, str], str] = {}
            names: dict[tuple[str, str], str] = {}
            for portion in portions:
                units = portion.scores.units
                amounts = portion.shared.amounts.tolist()
                for place, (code, amount) in enumerate(zip(units.codes, amounts, strict=True)):
                    key = (units.level, code)
                    got[key] += int(amount)
                    if not amount:
                        names[key] = units.names[place]
                        why[key] = _why_zero(portion, place)
            for item in self.allocation.distribution.fixed:
                if item.cell.line == line:
                    got[item.level, item.unit_code] += item.amount
            groups: dict[tuple[str, str], list[str]] = defaultdict(list)
            for key, reason in why.items():
                if not got[key]:
                    groups[key[0], reason].append(names[key])
            for (level, reason), units_left in groups.items():
                message = (
                    f"{self.said(line)}: {words.count(len(units_left))} {UNITS[level]} thuộc diện "
                    f"được phân bổ nhưng không có vốn ({_some(units_left)}), vì {reason}."
                )
                count = len(units_left)
                yield _Finding("eligible_zero", WARNING, message, _some(units_left), line, count, 0)

    def ineligible_funded(self, moved: pd.DataFrame | None) -> Iterator[_Finding]:
        """Yield the units that get money of a line by whose rule they are not eligible."""
        rows = [
            (item.cell.line, item.level, item.unit_code, item.unit, item.amount, item.name)
            for item in self.allocation.distribution.fixed
            if item.name
        ]
        if moved is not None:
            columns = ("line", "level", "unit_code", "unit", "amount")
            values = zip(*(moved[name].tolist() for name in columns), strict=True)
            rows += [(*row, "") for row in values if row[4] > 0]
        sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
        eligible: dict[str, set[tuple[str, str]] | None] = {}
        for line, level, code, unit, amount, name in rows:
            if line not in eligible:
                eligible[line] = self.eligible(line)
            known = eligible[line]
            if known is not None and (level, code) not in known:
                sums[line, level, code, unit, name] += amount
        for (line, _, _, unit, name), amount in sums.items():
            how = (
                f"được giao đích danh {words.million_dong(amount)} (khoản “{name}”)"
                if name
                else (f"có {words.million_dong(amount)} vốn kéo dài, điều chuyển")
            )
            message = (
                f"{unit} {how} của {self.said(line)} nhưng không thuộc diện được phân bổ theo "
                "quy tắc."
            )
            yield _Finding("ineligible_funded", WARNING, message, unit, line, 1, amount)

    def eligible(self, line: str) -> set[tuple[str, str]] | None:
        """Return who may get money of a line, by level and code; None where nobody can tell.

        An agency may if the rule gives it a part or an earmark; a district also if one of its
        communes may.
        """
        rule = self.allocation.rule_set.rule(line)
        if rule is None or missing_numbers(rule):
            return None
        named = {match_key(item.agency) for item in rule.agencies}
        named |= {match_key(item.unit) for item in rule.earmarks}
        found = {
            ("agency", agency.code)
            for agency in self.allocation.rule_set.agencies
            if named & {match_key(agency.code), match_key(agency.name)}
        }
        sharing = rule.districts or rule.communes
        shared = [portion.scores.units for portion in self.by_line.get(line, [])]
        if not shared and sharing is not None:
            level = "district" if rule.districts else "commune"
            units = self.allocation.distribution.units[level]
            try:
                shared = [units.take(eligible_places(units, sharing, line))]
            except InputRefused:
                return None
        for units in shared:
            found |= {(units.level, code) for code in units.codes}
            found |= {("district", parent) for parent in units.parents}
        return found

    def unplaced(self) -> Iterator[_Finding]:
        """Yield each amount that is not allocated, with its reason."""
        names = self.allocation.data.district_names
        sums: dict[tuple[str, str, str], int] = defaultdict(int)
        for item in self.allocation.unplaced:
            sums[item.cell.line, item.district_code, item.reason] += item.amount
        for (line, district, reason), amount in sums.items():
            rule = self.allocation.rule_set.rule(line)
            meant = rule is not None and rule.reserve is not None and rule.reserve.reason == reason
            where = f" tại {names[district]}" if district else ""
            start = f"{self.said(line)}: còn" if line else "Còn"
            message = f"{start} {words.million_dong(amount)} chưa phân bổ{where}, lý do: {reason}."
            yield _Finding(
                "unplaced",
                NOTICE if meant else WARNING,
                message,
                names.get(district, ""),
                line,
                amount=amount,
            )

    def ties(self) -> Iterator[_Finding]:
        """Yield how many amounts a tie rule decided, and which rule it is."""
        for line, portions in self.by_line.items():
            found: dict[str, list[str]] = defaultdict(list)
            for portion in portions:
                names = portion.scores.units.names
                for place in portion.shared.tied.nonzero()[0].tolist():
                    found[portion.sharing.ties].append(names[place])
            for ties, tied in found.items():
                units = list(dict.fromkeys(tied))
                message = (
                    f"{self.said(line)}: {words.count(len(tied))} số phân bổ ({_some(units)}) có "
                    f"thứ tự ngang nhau khi làm tròn, được quyết định theo quy tắc: {TIES[ties]}."
                )
                yield _Finding("ties", NOTICE, message, _some(units), line, len(tied))


def _why_zero(portion: Portion, place: int) -> str:
    """Return why an eligible unit gets nothing from a sharing."""
    scores = portion.scores
    if not any(points.values[place] for points in scores.criteria):
        return "mọi tiêu chí đều bằng 0"
    if not scores.coefficients.values[place]:
        return "hệ số nhân hoặc hệ số xếp loại bằng 0"
    if not portion.kept[place]:
        return "phần được chia thấp hơn mức giao tối thiểu"
    if portion.shared.bound[place] > 0:
        return "mức trần bằng 0"
    return "phần được chia nhỏ hơn đơn vị làm tròn"


def allocation_warnings(allocation: Allocation, moved: pd.DataFrame | None = None) -> Result:
    """Return what a planner should look at again, one row a finding, warnings before information.

    Kinds: below_lot (units below the rule's minimum lot, by line, level and capital type),
    concentration and gini (the largest districts' part of all district capital in percent, the
    Gini coefficient; see `TOP_SHARE`, `GINI`), absorption (more than `ABSORPTION` times what a
    district disbursed of a project in its best year; their sum first, then by amount),
    eligible_zero, ineligible_funded, unplaced, ties. Money (`amount`, `limit`) is đồng; `value` is
    a percentage (concentration), a coefficient (gini) or a multiple (absorption).

    Args:
        allocation: this year's capital.
        moved: rows of capital carried over or moved in the columns of the cube; their units are
            held against the rules too.
    """
    review = _Review(allocation)
    found = [
        *review.below_lot(),
        *review.concentration(),
        *review.absorption(),
        *review.eligible_zero(),
        *review.ineligible_funded(moved),
        *review.unplaced(),
        *review.ties(),
    ]
    found.sort(key=lambda item: item.severity != WARNING)
    rows = [asdict(item) | {"order": order} for order, item in enumerate(found, start=1)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for column in ("count", "amount", "limit"):
        frame[column] = frame[column].astype("Int64")
    result = unit_result(allocation, frame)
    if moved is None:
        return result
    data, tables = allocation.data, ("carry_over", "movements")
    marks = merge_marks(result.marks, data.marks(*tables))
    return Result(frame, marks, (*result.inputs, *data.names(*tables)))
