"""Which column of a returned sheet is which: the row of column numbers and the captions above."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from helpers.data.names import name_key
from helpers.data.review.excel.captions import best_fit, caption_key, half_of
from helpers.data.review.excel.sheet import Sheet, letter
from helpers.data.review.forms import MEASURES, Form
from helpers.errors import Problem

__all__ = ["Header", "Labels", "header_top", "number_row", "read_header"]

_NUMBER = re.compile(r"(?:cột\s*)?[(\[]?\s*(\d{1,2})\s*[)\]]?\s*(?:=.*)?", re.IGNORECASE)
_LOOKED_AT = 40
_ORDINAL = frozenset(map(name_key, ("TT", "STT", "Số TT", "Số thứ tự", "S.T.T", "T.T")))
_LABELS = _ORDINAL | frozenset(map(name_key, ("Đơn vị", "Tên đơn vị", "Địa phương", "Tên xã")))
_CODE = name_key("Mã")
_WHAT_TO_DO = "dùng đúng mẫu biểu: không thêm, bớt, đổi chỗ cột"


@dataclass(frozen=True)
class Labels:
    """The columns left of the numbered ones: ordinals, codes, and names (outermost first)."""

    ordinal: int | None
    code: int | None
    names: tuple[int, ...]


@dataclass(frozen=True)
class Header:
    """What the header rows say: each frame column's place, the labels, and all that is wrong.

    A column whose header is wrong has no place.
    """

    row: int
    places: Mapping[str, int]
    labels: Labels
    problems: tuple[Problem, ...]


@lru_cache(maxsize=4096)
def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    return int(found.group(1)) if found else None


def _numbers(sheet: Sheet, row: int) -> dict[int, int]:
    """Return the column numbers that a row may hold, by place."""
    texts = {column: sheet.text(row, column) for column in range(sheet.width)}
    numbers = {column: _number(text) for column, text in texts.items() if text}
    return {column: number for column, number in numbers.items() if number}


def number_row(sheet: Sheet, units: Collection[str]) -> int | None:
    """Return the first row that counts its columns (1, 2, 3 …), or None.

    A row that names a unit, by a key of `units`, is data, whatever its numbers are.
    """
    for row in range(min(_LOOKED_AT, sheet.height)):
        numbers = list(_numbers(sheet, row).values())
        if len(numbers) < 3 or 1 not in numbers:
            continue
        numbers = numbers[numbers.index(1) :]
        steps = sum(one <= other <= one + 3 for one, other in pairwise(numbers))
        if steps >= 0.6 * (len(numbers) - 1) and len(set(numbers)) >= 3:
            texts = [name_key(sheet.text(row, column)) for column in range(min(6, sheet.width))]
            if not any(text in units for text in texts):
                return row
    return None


def header_top(sheet: Sheet, row: int) -> int:
    """Return the first row with captions, given the row of column numbers."""
    numbered = list(_numbers(sheet, row))
    first = numbered[0]
    highest = max(0, row - 5)
    labelled = [
        above
        for above in range(highest, row)
        if any(name_key(sheet.text(above, column)) in _LABELS for column in range(first))
    ]
    if labelled:
        top = labelled[-1]
        while top - 1 in labelled:
            top -= 1
        return top
    for above in range(row - 1, highest - 1, -1):
        # Captions fill most of a row, titles a cell or two of it.
        if sum(bool(sheet.text(above, column)) for column in numbered) < 3:
            return above + 1
    return highest


def read_header(sheet: Sheet, form: Form, row: int, top: int) -> Header:
    """Return where a form's columns stand, from the row of column numbers and the captions."""
    numbers = _numbers(sheet, row)
    captions = _Captions(sheet, top, row)
    starts, problems = _starts(sheet, form, row, numbers, captions)
    if not captions.any(starts.values(), paired=form.paired):
        what = "thiếu các dòng tên cột phía trên dòng số cột"
        todo = "giữ đủ ba dòng đầu bảng như mẫu: hai dòng tên cột và dòng số cột"
        problems.append(Problem(sheet.where(row), what, todo))
        wrong: set[int] = set()
    else:
        wrong, more = _misfits(sheet, form, starts, captions)
        problems += more
    places: dict[str, int] = {}
    for number, start in starts.items():
        column = form.column(number)
        if form.paired:
            halves, more = _halves(sheet, form, number, start, numbers, captions)
            problems += more
        else:
            halves = {"": start}
        if number not in wrong:
            places |= {column.key + half: place for half, place in halves.items()}
    return Header(row, places, _labels(sheet, top, row, min(numbers)), tuple(problems))


class _Captions:
    """The texts of the header rows, each of a merged cell's in all the columns that it spans."""

    def __init__(self, sheet: Sheet, top: int, row: int) -> None:
        self.sheet = sheet
        self.rows = range(top, row)
        self.texts = {
            (at, column): sheet.text(at, column)
            for at in self.rows
            for column in range(sheet.width)
        }
        self.origins = {place: place for place in self.texts}
        for upper, left, lower, right in sheet.merges:
            if upper in self.rows:
                text = sheet.text(upper, left)
                for at in range(upper, min(lower + 1, row)):
                    for column in range(left, min(right + 1, sheet.width)):
                        self.texts[at, column] = text
                        self.origins[at, column] = (upper, left)

    def of(self, column: int, *, paired: bool = False) -> str:
        """Return a column's whole caption; without the half of a pair."""
        texts = dict.fromkeys(self.texts[at, column] for at in self.rows)
        kept = [text for text in texts if text and not (paired and half_of(text) is not None)]
        return ": ".join(kept)

    def any(self, columns: Collection[int], *, paired: bool) -> bool:
        """Tell whether any of the columns has a caption."""
        return any(self.of(column, paired=paired) for column in columns)

    def where(self, column: int, *, paired: bool) -> str:
        """Return the cell of a column's lowest caption, halves of pairs aside."""
        for at in reversed(self.rows):
            text = self.texts[at, column]
            if text and not (paired and half_of(text) is not None):
                return self.sheet.where(*self.origins[at, column])
        return self.sheet.where(self.rows.stop, column)


def _starts(
    sheet: Sheet, form: Form, row: int, numbers: Mapping[int, int], captions: _Captions
) -> tuple[dict[int, int], list[Problem]]:
    """Return each column number's place; the numbers that are missing, extra or there twice."""
    count = len(form.columns)
    starts: dict[int, int] = {}
    stray = _unnumbered(sheet, form, row, numbers, captions)
    for place, number in numbers.items():
        if form.paired and numbers.get(place - 1) == number:
            continue
        if number > count:
            # Of form 9 without its ethnic groups only the first column is known.
            stray += [place] if count > 1 else []
        elif number not in starts:
            starts[number] = place
        elif _says(form, number, captions, place) and not _says(
            form, number, captions, starts[number]
        ):
            stray.append(starts[number])
            starts[number] = place
        else:
            stray.append(place)
    missing = [number for number in range(1, count + 1) if number not in starts]
    problems = []
    for place in stray:
        fit = best_fit(form, 0, captions.of(place, paired=form.paired))
        if fit in missing:
            missing.remove(fit)
            what, todo = (
                f"số cột phải là {fit} (“{form.column(fit).label}”)",
                f"ghi {fit} vào ô này",
            )
        elif place not in numbers:
            what = f"cột “{captions.of(place)}” không có số cột, không thuộc {form.name}"
            todo = "xóa cột này; " + _WHAT_TO_DO
        elif numbers[place] > count:
            what = f"cột số {numbers[place]} không có trong {form.name} (cột 1 đến {count})"
            todo = _WHAT_TO_DO
        else:
            other = f"{letter(starts[numbers[place]])}{row + 1}"
            what, todo = f"số cột {numbers[place]} đã có ở ô {other}", "sửa lại dòng số cột"
        problems.append(Problem(sheet.where(row, place), what, todo))
    for number in missing:
        what = f"thiếu cột số {number} (“{form.column(number).label}”)"
        problems.append(Problem(sheet.where(row), what, _WHAT_TO_DO))
    return starts, problems


def _says(form: Form, number: int, captions: _Captions, place: int) -> bool:
    caption = captions.of(place, paired=form.paired)
    return caption_key(caption) == caption_key(form.column(number).label)


def _unnumbered(
    sheet: Sheet, form: Form, row: int, numbers: Mapping[int, int], captions: _Captions
) -> list[int]:
    """Return the columns with a caption but no number that stand among the numbered ones."""
    covered = set(numbers)
    for top, left, bottom, right in sheet.merges:
        if top <= row <= bottom and left in numbers:
            covered |= set(range(left, right + 1))
    if form.paired:
        # A number not merged over its pair stands above the first half only.
        covered |= {
            place + 1
            for place in numbers
            if half_of(captions.texts.get((row - 1, place + 1), "")) is not None
        }
    span = range(min(numbers), max(numbers))
    return [
        place for place in span if place not in covered and captions.of(place, paired=form.paired)
    ]


def _misfits(
    sheet: Sheet, form: Form, starts: Mapping[int, int], captions: _Captions
) -> tuple[set[int], list[Problem]]:
    """Return the numbers whose captions are other columns', and a problem for each run of them."""
    runs: list[list[tuple[int, int, str]]] = []
    for number, place in sorted(starts.items()):
        caption = captions.of(place, paired=form.paired)
        if not caption or caption_key(caption) == caption_key(form.column(number).label):
            continue
        fit = best_fit(form, number, caption)
        if fit is None:
            continue
        last = runs[-1][-1] if runs else None
        if last and last[0] == number - 1 and last[1] - last[0] == fit - number:
            runs[-1].append((number, fit, caption))
        else:
            runs.append([(number, fit, caption)])
    problems = []
    for run in runs:
        number, fit, caption = run[0]
        said = f"cột số {number}"
        if len(run) > 1:
            said = f"cột số {number} đến {run[-1][0]} bị lệch: cột số {number}"
        what = (
            f"{said} phải là “{form.column(number).label}” nhưng tên cột là “{caption}”, "
            f"của cột số {fit}"
        )
        problems.append(
            Problem(captions.where(starts[number], paired=form.paired), what, _WHAT_TO_DO)
        )
    return {number for run in runs for number, _, _ in run}, problems


def _halves(
    sheet: Sheet,
    form: Form,
    number: int,
    start: int,
    numbers: Mapping[int, int],
    captions: _Captions,
) -> tuple[dict[str, int], list[Problem]]:
    """Return the places of a pair's halves, as the sub-captions say, else in the usual order."""
    ends = list(MEASURES)
    second = start + 1
    other = numbers.get(second)
    beyond = second >= sheet.width or (other is not None and other != number)
    said = [half_of(captions.texts.get((captions.rows.stop - 1, at), "")) for at in (start, second)]
    if beyond or (said[1] is None and said[0] is not None):
        absent = 1 - said[0] if said[0] is not None else 1
        what = f"cột số {number} thiếu phần {list(MEASURES.values())[absent]}"
        todo = "mỗi cột của biểu này gồm hai phần, Hộ và Nhân khẩu"
        where = sheet.where(captions.rows.stop, start)
        return {ends[1 - absent]: start}, [Problem(where, what, todo)]
    if said[0] is not None and said[0] == said[1]:
        twice = list(MEASURES.values())[said[0]]
        where = sheet.where(captions.rows.stop - 1, second)
        what = f"cột số {number} có hai phần cùng ghi {twice}"
        return {}, [Problem(where, what, "ghi Hộ ở phần trước, Nhân khẩu ở phần sau")]
    if said == [1, 0]:
        return {ends[1]: start, ends[0]: second}, []
    return {ends[0]: start, ends[1]: second}, []


def _labels(sheet: Sheet, top: int, row: int, first: int) -> Labels:
    """Return what the columns left of the first numbered one are, by what stands above them."""
    ordinal = code = None
    names = []
    for column in range(first):
        keys = [name_key(sheet.text(at, column)) for at in range(top, row)]
        said = [key for key in keys if key]
        if any(key in _ORDINAL for key in said):
            ordinal = column
        elif any(key == _CODE or key.startswith(f"{_CODE} ") for key in said):
            code = column
        else:
            names.append(column)
    if not names and ordinal is not None:
        names, ordinal = [ordinal], None
    return Labels(ordinal, code, tuple(names))
