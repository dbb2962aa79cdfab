"""What one form must agree on with itself, and a percentage form with the counts it shows.

One function a kind of check, over all rows at once; each yields what it compared, with the rows
that fail. Nothing is worded but what the numbers were held against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from helpers.data.findings import DISAGREES, NOTABLE
from helpers.data.review.checks.aligned import Aligned, BoolArray, IntArray
from helpers.data.review.checks.comparisons import Compared, compared
from helpers.data.review.forms import PERSONS, Form, FormColumn

__all__ = ["within_forms"]

_TOLERANCE = 0.005 + 1e-9
"""Half of the last of two decimals: whichever way a percentage was rounded, it is no further off.

The remainder is for binary fractions."""


def within_forms(aligned: Aligned) -> Iterator[Compared]:
    """Yield every comparison within a form."""
    for maker in (_formulas, _rates, _parts, _persons, _other_poor):
        yield from maker(aligned)


def _formulas(aligned: Aligned) -> Iterator[Compared]:
    """Hold each computed count against the formula in the row of column numbers."""
    for form in aligned.forms:
        for column in form.columns:
            if not column.sum_of or column.loose or form.percent_of_form:
                continue
            for half in form.halves:
                name = column.key + half
                values = aligned.column(form.number, name)
                expected = np.zeros_like(values)
                for term in column.terms:
                    key = form.column(term.number).key + half
                    expected = expected + term.sign * aligned.column(form.number, key)
                formula = column.sum_of
                # A sum over every ethnic group would fill the sentence with numbers.
                short = f"tổng các cột từ {formula[0]} đến {column.terms[-1].number}"
                against = short if set(formula) <= set("0123456789+") else f"cột {formula}"
                said = f"ghi {{value}}, tính theo công thức ({against}) được {{expected}}"
                yield compared(
                    "formulas", form.number, name, against, said, values, expected,
                    values != expected,
                )  # fmt: skip


def _rates(aligned: Aligned) -> Iterator[Compared]:
    """Hold each percentage against its counts, of the same form or of the form before it."""
    for form in aligned.forms:
        source = aligned.review.forms.get(form.percent_of_form or form.number)
        if source is None or not aligned.has(source.number):
            continue
        rows = aligned.rows[source.number][aligned.at[form.number]]
        there = rows >= 0
        if form.percent_of_form:
            name = form.counted[0]
            values = aligned.column(form.number, name)
            expected = aligned.column(source.number, source.counted[0])[rows]
            against = f"{source.name} cột 1"
            said = f"ghi {{value}}, {against} ghi {{expected}}"
            yield compared(
                "rates", form.number, name, against, said, values, expected,
                values != expected, there,
            )  # fmt: skip
        for column in form.columns:
            if column.percent_of:
                yield _rate(aligned, form, source, column, rows, there)


def _rate(
    aligned: Aligned,
    form: Form,
    source: Form,
    column: FormColumn,
    rows: IntArray,
    there: BoolArray,
) -> Compared:
    assert column.percent_of
    part, whole = (
        aligned.column(source.number, source.column(number).key)[rows]
        for number in column.percent_of
    )
    values = aligned.rates(form.number, column.key)
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = np.where(whole > 0, 100 * part / whole, 0.0)
    off = np.abs(values - exact) > _TOLERANCE
    hundredths = (2 * 10_000 * part + whole) // np.maximum(2 * whole, 1)
    numbers = " và ".join(f"cột {number}" for number in column.percent_of)
    against = f"{source.name} {numbers}"
    said = f"ghi {{value}}%, tính từ {against} được {{expected}}%"
    among = there & ~np.isnan(values)
    return compared("rates", form.number, column.key, against, said, values, hundredths, off, among)


_WITHIN: Mapping[int, Sequence[tuple[str, Sequence[str]]]] = MappingProxyType(
    {
        4: (("households", ()),),
        6: (("households", ()),),
        8: (("households", ("dtts", "no_labour", "merit")),),
        10: (("households", ()),),
        11: (
            ("children", ("health", "education")),
            ("near_children", ("near_health", "near_education")),
        ),
    }
)
"""By form: a whole, and the parts that may overlap but not exceed it (none named: all others)."""

_TOGETHER = (
    ("households", ("poor_households", "near_poor_households", "average_households")),
    ("persons", ("poor_persons", "near_poor_persons", "average_persons")),
)
"""Of form 1: a whole, and the parts that exclude one another, so that their sum stays within."""


def _parts(aligned: Aligned) -> Iterator[Compared]:
    """Hold parts against their whole, and the classes of form 1, which exclude one another."""
    for number, groups in _WITHIN.items():
        if not aligned.has(number):
            continue
        form = aligned.review.forms[number]
        for whole, named in groups:
            parts = named or [column.key for column in form.columns if column.key != whole]
            against = f"cột {form.by_key(whole).number}"
            said = f"ghi {{value}}, lớn hơn {against} là {{expected}}"
            for half in form.halves:
                most = aligned.column(number, whole + half)
                for name in (part + half for part in parts):
                    values = aligned.column(number, name)
                    yield compared(
                        "parts", number, name, against, said, values, most, values > most
                    )
    if not aligned.has(1):
        return
    form = aligned.review.forms[1]
    for whole, together in _TOGETHER:
        values = aligned.column(1, whole)
        least = sum((aligned.column(1, name) for name in together), np.zeros_like(values))
        against = f"cột {'+'.join(str(form.by_key(name).number) for name in together)}"
        said = f"ghi {{value}}, nhỏ hơn {against} cộng lại được {{expected}}"
        yield compared("parts", 1, whole, against, said, values, least, values < least)


_PAIRS_OF_SUMMARY = (
    ("households", "persons"),
    ("poor_households", "poor_persons"),
    ("near_poor_households", "near_poor_persons"),
    ("average_households", "average_persons"),
)
_CHANGES_WITHIN = ("other_decrease", "other_increase")
"""Deaths, births and splits change persons without households, or households without persons."""


def _persons(aligned: Aligned) -> Iterator[Compared]:
    """Hold persons against households: no fewer, and none where there is no household."""
    for form in aligned.forms:
        pairs = [(column.key, column.key + PERSONS) for column in form.columns]
        if form.number == 1:
            pairs = list(_PAIRS_OF_SUMMARY)
        elif not form.paired:
            continue
        for households, persons in pairs:
            few, many = (aligned.column(form.number, name) for name in (households, persons))
            loose = households in _CHANGES_WITHIN
            against = "số hộ cùng cột" if form.paired else f"cột {form.by_key(households).number}"
            fails = (many < few) | ((few == 0) & (many > 0))
            said = f"ghi {{value}} nhân khẩu, {against} ghi {{expected}} hộ"
            yield compared(
                "persons", form.number, persons, against, said, many, few, fails,
                weight=NOTABLE if loose else DISAGREES,
            )  # fmt: skip


def _other_poor(aligned: Aligned) -> Iterator[Compared]:
    """Hold form 8's last column against its header, and against what overlaps can make of it.

    The three groups overlap, so the header's 5 = 1−2−3−4 need not hold; but the others are at
    least that many, and at most as many as the largest group leaves.
    """
    if not aligned.has(8):
        return
    form = aligned.review.forms[8]
    for half in form.halves:
        whole, dtts, no_labour, merit, other = (
            aligned.column(8, column.key + half) for column in form.columns
        )
        least = whole - dtts - no_labour - merit
        most = whole - np.maximum(np.maximum(dtts, no_labour), merit)
        too_few, too_many = other < least, (other > most) & (other > least)
        possible = ~(too_few | too_many)
        overlap = "hộ thuộc nhiều nhóm thì không phải là sai"
        for against, tail, expected, among, weight in (
            ("cột 1-2-3-4", "ít nhất phải là {expected}", least, too_few, DISAGREES),
            ("cột 1 trừ nhóm lớn nhất", "nhiều nhất là {expected}", most, too_many, DISAGREES),
            ("công thức 1-2-3-4", f"tính được {{expected}}; {overlap}", least, possible, NOTABLE),
        ):
            said = f"ghi {{value}}, theo {against} thì {tail}"
            yield compared(
                "other_poor", 8, form.columns[4].key + half, against, said, other, expected,
                other != expected, among, weight,
            )  # fmt: skip
