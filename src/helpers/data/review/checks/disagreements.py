"""Where the returned forms disagree, worded for a planner; listed, never mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from helpers.data.catalogue import spec
from helpers.data.findings import AGREES, DISAGREES, NOTABLE, PROVINCE, Row
from helpers.data.review.checks.aligned import Aligned
from helpers.data.review.checks.between import between_forms
from helpers.data.review.checks.comparisons import KINDS, Compared
from helpers.data.review.checks.within import within_forms
from helpers.data.review.corrections import column_text, uncorrected, unit_code
from helpers.data.review.forms import PERSONS, Form
from helpers.data.review.model import Review
from helpers.words import count, decimal

__all__ = [
    "COLUMNS",
    "KNOWN",
    "Base",
    "check_review",
    "rate_effect",
    "review_findings",
    "summed_base",
]

COLUMNS = tuple(spec("review_checks").fields)
KNOWN = "đã biết"
"""The result of a disagreement that a known error explains."""

Base = Mapping[int, tuple[int, int]]
"""The province's poor households and all its households, by year-end."""

_ORDER = (DISAGREES, NOTABLE, KNOWN)
_TOTAL_POOR = frozenset((4, 8, 9, 10))
"""The forms whose first column counts the poor households."""


def check_review(review: Review, base: Base | None = None) -> pd.DataFrame:
    """Return a row for each disagreement (columns of the published table `review_checks`).

    A disagreement that is gone once the known errors are corrected is "đã biết". `effect` is by
    how many points the province's poverty rate would change if the value were what it was held
    against, blank where the column counts neither poor households nor all; `base` are the
    province's counts, by default what form 1 adds up to.
    """
    if review.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    effects = _Effects(base if base is not None else summed_base(review))
    found = dict(_cases(review, _compare(review), effects))
    if len(review.applied):
        before = uncorrected(review)
        for key, case in _cases(before, _compare(before), effects):
            if key not in found:
                found[key] = _explained(case, review.applied)
    cases = sorted(found.values(), key=_rank)
    rows = [case.row(number) for number, case in enumerate(cases, start=1)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def review_findings(review: Review) -> list[Row]:
    """Return, for each kind of check, how many comparisons were made and how many disagree."""
    if review.empty:
        return []
    made: dict[str, list[Compared]] = {kind: [] for kind in KINDS}
    for compared in _compare(review):
        made[compared.kind].append(compared)
    rows = [_summary(kind, found) for kind, found in made.items() if any(c.count for c in found)]
    for number, said in enumerate(review.unused, start=1):
        check = f"Biểu rà soát: biểu theo chuẩn khác ({number})"
        rows.append((check, PROVINCE, "", "", "", "", NOTABLE, f"{said}."))
    if len(review.applied):
        number_text = count(len(review.applied))
        message = f"Biểu rà soát: {number_text} số được thay theo danh sách sai sót đã biết."
        check = "Biểu rà soát: sai sót đã biết"
        rows.append((check, PROVINCE, "", "", number_text, "", NOTABLE, message))
    return rows


def summed_base(review: Review) -> dict[int, tuple[int, int]]:
    """Return the poor and all households that form 1 adds up to, by year-end."""
    if 1 not in review.frames:
        return {}
    base = {}
    for year in sorted(review.frames[1]["year"].unique()):
        sums = review.districts(1, int(year))[["poor_households", "households"]].sum()
        base[int(year)] = (int(sums["poor_households"]), int(sums["households"]))
    return base


def rate_effect(poor: int, households: int, more_poor: int = 0, more: int = 0) -> Decimal | None:
    """Return the change of the poverty rate, in points with four decimals, rounded half up.

    By so many more poor households and so many more households; None where a rate has no meaning.
    """
    if households <= 0 or households + more <= 0:
        return None
    change = Fraction(100 * (poor + more_poor), households + more) - Fraction(
        100 * poor, households
    )
    size = (2 * abs(change) * 10_000 + 1) // 2
    return Decimal(int(size) if change >= 0 else -int(size)).scaleb(-4)


def _compare(review: Review) -> list[Compared]:
    aligned = Aligned(review)
    return [*within_forms(aligned), *between_forms(aligned)]


def _summary(kind: str, found: list[Compared]) -> Row:
    made = sum(compared.count for compared in found)
    wrong = sum(len(compared.rows) for compared in found if compared.weight == DISAGREES)
    odd = sum(len(compared.rows) for compared in found) - wrong
    check = f"Biểu rà soát: {KINDS[kind]}"
    said = [f"{count(wrong)} chỗ lệch"] if wrong else []
    said += [f"{count(odd)} chỗ cần lưu ý"] if odd else []
    result = DISAGREES if wrong else NOTABLE if odd else AGREES
    tail = f", {' và '.join(said)}; xem danh sách kèm theo." if said else ", tất cả khớp."
    message = f"{check}: {count(made)} phép so{tail}"
    gap = count(wrong + odd)
    return check, PROVINCE, "", count(made), count(made - wrong - odd), gap, result, message


@dataclass(frozen=True)
class _Effects:
    """What a column's change does to the province's poverty rate."""

    base: Base

    def of(self, form: Form, name: str, year: int, change: int) -> Decimal | None:
        sign, whole = _weight(form, name)
        if not (sign or whole) or year not in self.base:
            return None
        poor, households = self.base[year]
        return rate_effect(poor, households, sign * change, whole * change)


def _weight(form: Form, name: str) -> tuple[int, int]:
    """Return how a column counts in the poor households and in all households: 1, −1 or 0."""
    if form.number == 1:
        return int(name == "poor_households"), int(name == "households")
    if form.number in _TOTAL_POOR:
        return int(name == form.columns[0].key), 0
    if form.number == 2 and not name.endswith(PERSONS):
        column = form.by_key(name)
        signs = {term.number: term.sign for term in form.by_key("closing").terms}
        return signs.get(column.number, 1), 0
    return 0, 0


_CaseKey = tuple[str, int, str, str, int, str]


@dataclass(frozen=True)
class _Case:
    """One disagreement, as the table says it."""

    form: Form
    name: str
    year: int
    level: str
    unit_code: str
    unit: str
    against: str
    value: int | Decimal
    expected: int | Decimal
    effect: Decimal | None
    result: str
    where: str
    said: str

    @property
    def message(self) -> str:
        unit = "dòng tổng cộng" if self.level == "total" else f"{self.unit} (mã {self.unit_code})"
        subject = f"{self.form.name} cuối năm {self.year}, {unit}"
        return f"{subject}: cột {column_text(self.form, self.name)} {self.said}."

    def row(self, order: int) -> tuple[object, ...]:
        return (
            order,
            self.form.name,
            self.year,
            self.level,
            self.unit_code,
            self.unit,
            column_text(self.form, self.name),
            self.against,
            self.value,
            self.expected,
            self.value - self.expected,
            self.effect,
            self.result,
            self.where,
            self.message,
        )


def _rank(case: _Case) -> tuple[int, Decimal, int, str, int, int]:
    """Return the place of a case in the list: by result, then by size of the effect."""
    return (
        _ORDER.index(case.result),
        -abs(case.effect or Decimal(0)),
        case.form.number,
        case.unit_code,
        case.year,
        case.form.names.index(case.name),
    )


def _cases(
    review: Review, comparisons: list[Compared], effects: _Effects
) -> Iterator[tuple[_CaseKey, _Case]]:
    """Yield each disagreement with what tells it from all others."""
    columns = ["year", "level", "code", "district_code", "name", "place", "row"]
    for compared in comparisons:
        if not len(compared.rows):
            continue
        form = review.forms[compared.form]
        rates = form.by_key(compared.name).is_rate
        rows = review.frames[compared.form].iloc[compared.rows][columns]
        numbers = zip(compared.values.tolist(), compared.expected.tolist(), strict=True)
        for row, (value, expected) in zip(
            rows.itertuples(index=False, name=None), numbers, strict=True
        ):
            year, level, code, district, name, place, line = row
            shown, other = (
                (_rate(value), Decimal(expected).scaleb(-2)) if rates else (value, expected)
            )
            worded = {"value": _worded(shown), "expected": _worded(other)}
            unit = unit_code(level, code, district)
            effect = None if rates else effects.of(form, compared.name, year, expected - value)
            case = _Case(
                form, compared.name, int(year), level, unit, name, compared.against, shown, other,
                effect, compared.weight, review.places[place].cell(line, compared.name),
                compared.said.format_map(worded),
            )  # fmt: skip
            yield (compared.kind, form.number, compared.name, compared.against, year, unit), case


def _rate(value: float) -> Decimal:
    """Return a percentage as it was written, four decimals at most."""
    written = Decimal(repr(value))
    return round(written, 4).normalize() if written.as_tuple().exponent < -4 else written  # type: ignore[operator]


def _worded(value: int | Decimal) -> str:
    return decimal(value, 4, least=2) if isinstance(value, Decimal) else count(value)


def _explained(case: _Case, applied: pd.DataFrame) -> _Case:
    """Return the case as a known one, with the reason where its own cell was corrected."""
    own = applied[
        (applied["form"] == case.form.name)
        & (applied["year"] == case.year)
        & (applied["unit_code"] == case.unit_code)
        & (applied["column"] == column_text(case.form, case.name))
    ]
    tail = "hết lệch khi dùng số thay đã ghi trong danh sách sai sót"
    if len(own):
        tail = f"đã thay bằng {_worded(int(own['corrected'].iloc[0]))}: {own['reason'].iloc[0]}"
    return replace(case, result=KNOWN, said=f"{case.said}; {tail}")
