"""What forms, years and levels must agree on: numbers that are said twice, and sums of units.

As in `within`: one function a kind of check, over all units and years at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from helpers.data.review.checks.aligned import Aligned, IntArray
from helpers.data.review.checks.comparisons import Compared, at_places, compared
from helpers.data.review.forms import PERSONS, Form
from helpers.text import listing

__all__ = ["between_forms"]


def between_forms(aligned: Aligned) -> Iterator[Compared]:
    """Yield every comparison of forms, of years, and of rows with the units they sum up."""
    for maker in (_same, _years, _districts, _totals):
        yield from maker(aligned)


_SAME: Sequence[Sequence[tuple[int, str]]] = (
    (
        *((1, "poor_households"), (2, "closing"), (4, "households")),
        *((8, "households"), (9, "households"), (10, "households")),
    ),
    ((1, "near_poor_households"), (3, "closing"), (6, "households")),
    (
        *((1, "poor_persons"), (2, "closing_persons")),
        *((8, "households_persons"), (9, "households_persons")),
    ),
    ((1, "near_poor_persons"), (3, "closing_persons")),
    ((2, "to_near_poor"), (3, "from_poor")),
    ((2, "to_near_poor_persons"), (3, "from_poor_persons")),
    ((2, "from_near_poor"), (3, "to_poor")),
    ((2, "from_near_poor_persons"), (3, "to_poor_persons")),
)
"""Columns of several forms that say one and the same number."""


def _same(aligned: Aligned) -> Iterator[Compared]:
    """Hold columns that say one number against the first of them.

    Where all the others agree with one another and there are two or more, it is the first that is
    held against them.
    """
    for chain in _SAME:
        known = [(form, name) for form, name in chain if aligned.has(form)]
        if len(known) < 2:
            continue
        pairs = [aligned.over_all(form, name) for form, name in known]
        values, there = (np.stack(arrays) for arrays in zip(*pairs, strict=True))
        first = there.argmax(axis=0)
        places = np.arange(aligned.size)
        base = values[first, places]
        others = there & (np.arange(len(known))[:, None] > first)
        differs = others & (values != base)
        number = others.sum(axis=0)
        highest = np.where(others, values, np.iinfo(np.int64).min).max(axis=0)
        lowest = np.where(others, values, np.iinfo(np.int64).max).min(axis=0)
        outvoted = (number >= 2) & (differs.sum(axis=0) == number) & (highest == lowest)
        for place, (form, name) in enumerate(known):
            held = others[place] & ~outvoted
            for hub in sorted(set(first[held].tolist())):
                against = _spot(aligned, known[hub])
                mine = held & (first == hub)
                yield at_places(
                    aligned, "same", form, name, against, values[place], base, differs[place], mine
                )
            alone = outvoted & (first == place)
            if alone.any():
                spots = listing(_spot(aligned, spot) for spot in known[place + 1 :])
                yield at_places(
                    aligned, "same", form, name, spots, values[place], highest, alone, alone
                )


def _spot(aligned: Aligned, spot: tuple[int, str]) -> str:
    """Return how messages name a form's column ("Biểu 2 cột 9")."""
    form = aligned.review.forms[spot[0]]
    half = " (nhân khẩu)" if form.paired and spot[1].endswith(PERSONS) else ""
    return f"{form.name} cột {form.by_key(spot[1]).number}{half}"


def _years(aligned: Aligned) -> Iterator[Compared]:
    """Hold each opening number against the closing one of the year before."""
    later = aligned.following()
    for number in (2, 3):
        if not aligned.has(number):
            continue
        form = aligned.review.forms[number]
        for half in form.halves:
            closing, there = aligned.over_all(number, f"closing{half}")
            opening, there_too = aligned.over_all(number, f"opening{half}")
            before = np.flatnonzero(there & (later >= 0) & there_too[later])
            after = later[before]
            fails = opening[after] != closing[before]
            yield Compared(
                "years", number, f"opening{half}", "cuối kỳ năm trước",
                "ghi {value}, cuối kỳ năm trước ghi {expected}", len(before),
                aligned.rows[number][after[fails]], opening[after[fails]], closing[before[fails]],
            )  # fmt: skip
            yield from _district_years(aligned, form, half)


def _district_years(aligned: Aligned, form: Form, half: str) -> Iterator[Compared]:
    """Hold a district's row against its communes of the year beside, where it has no row then."""
    frame = aligned.review.frames[form.number]
    ends = [f"closing{half}", f"opening{half}"]
    keys = list(zip(frame["year"].tolist(), frame["district_code"].tolist(), strict=True))
    levels = frame["level"].tolist()
    own = {key: row for row, key in enumerate(keys) if levels[row] == "district"}
    counts = zip(*(aligned.column(form.number, name).tolist() for name in ends), strict=True)
    sums: dict[tuple[int, str], tuple[int, int]] = {}
    for key, level, (closing, opening) in zip(keys, levels, counts, strict=True):
        if level == "commune":
            closed, opened = sums.get(key, (0, 0))
            sums[key] = closed + closing, opened + opening
    for name, step, told in (
        (ends[0], 1, "đầu kỳ năm sau, các xã cộng lại"),
        (ends[1], -1, "cuối kỳ năm trước, các xã cộng lại"),
    ):
        beside = {row: (year + step, district) for (year, district), row in own.items()}
        rows = [row for row, key in beside.items() if key in sums and key not in own]
        # What one year closes with the other opens with.
        other = 1 if step == 1 else 0
        expected = np.asarray([sums[beside[row]][other] for row in rows], dtype=np.int64)
        places = np.asarray(rows, dtype=np.int64)
        values = aligned.column(form.number, name)[places]
        fails = values != expected
        yield Compared(
            "years", form.number, name, told, f"ghi {{value}}, {told} được {{expected}}",
            len(rows), places[fails], values[fails], expected[fails],
        )  # fmt: skip


def _districts(aligned: Aligned) -> Iterator[Compared]:
    """Hold each district's row against the sum of its communes."""
    for form in aligned.forms:
        parents = aligned.parents(form.number)
        parents = np.where(parents >= 0, aligned.rows[form.number][parents], -1)
        yield from _sums(aligned, form, "districts", "các xã cộng lại", parents)


def _totals(aligned: Aligned) -> Iterator[Compared]:
    """Hold each total row against the districts, or else the communes, of the same sheet."""
    for form in aligned.forms:
        frame = aligned.review.frames[form.number]
        keys = list(zip(frame["year"].tolist(), frame["place"].tolist(), strict=True))
        levels, districts = frame["level"].tolist(), frame["district_code"].tolist()
        totals = {keys[row]: row for row, level in enumerate(levels) if level == "total"}
        own = {
            (*keys[row], districts[row]) for row, level in enumerate(levels) if level == "district"
        }
        counted = [
            level == "district" or (level == "commune" and (*key, district) not in own)
            for key, level, district in zip(keys, levels, districts, strict=True)
        ]
        parents = [
            totals.get(key, -1) if part else -1 for key, part in zip(keys, counted, strict=True)
        ]
        yield from _sums(
            aligned, form, "totals", "các đơn vị cộng lại", np.asarray(parents, dtype=np.int64)
        )


def _sums(
    aligned: Aligned, form: Form, kind: str, against: str, parents: IntArray
) -> Iterator[Compared]:
    """Hold rows against the sums of those whose parent they are (positions, −1 for none)."""
    if form.percent_of_form:
        return
    counts = aligned.counts(form.number)
    parts = np.flatnonzero(parents >= 0)
    sums = np.zeros_like(counts)
    np.add.at(sums, parents[parts], counts[parts])
    held = np.zeros(len(counts), dtype=np.bool_)
    held[parents[parts]] = True
    said = f"ghi {{value}}, {against} được {{expected}}"
    for place, name in enumerate(form.counted):
        values, expected = counts[:, place], sums[:, place]
        yield compared(
            kind, form.number, name, against, said, values, expected, values != expected, held
        )
