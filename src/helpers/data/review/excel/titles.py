"""What a sheet's name and title rows say: which form it holds, of which year, in which period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from helpers.data.names import name_key
from helpers.data.review.excel.sheet import Sheet
from helpers.errors import Problem
from helpers.text import listing, slug

__all__ = ["PERIODS", "Title", "form_number", "named_year", "period_problem", "title_cells"]

PERIODS = ("Rà soát định kỳ cuối năm", "Rà soát thường xuyên trong năm")
"""What a review may be; the first is the one that a year-end's forms are about."""

_BARE = re.compile(r"0*(\d{1,2})")
_SHEET = re.compile(r"(?:bieu-mau|mau-bieu|bieu|mau|bm|b)-?(?:so-?)?0*(\d{1,2})(?![\da-z])")
_TITLE = re.compile(r"^(?:bieu-mau|mau-bieu|bieu)-(?:so-)?0*(\d{1,2})(?![\da-z])")
_YEAR_END = re.compile(r"31\s*[/.-]\s*12\s*[/.-]\s*((?:19|20)\d\d)|31 tháng 12 năm ((?:19|20)\d\d)")
_YEAR = re.compile(r"(?<!\d )\bnăm:? ((?:19|20)\d\d)\b")
_LEGAL = re.compile(r"\b(thông tư|quyết định|nghị định|nghị quyết|công văn|kế hoạch|kèm theo)\b")
_NOT_YEAR_END = name_key(PERIODS[1])


@dataclass(frozen=True)
class Title:
    """One filled cell above the table."""

    row: int
    column: int
    text: str


def title_cells(sheet: Sheet, below: int) -> tuple[Title, ...]:
    """Return the filled cells above a row."""
    return tuple(_titles(sheet, below))


def _titles(sheet: Sheet, below: int) -> Iterator[Title]:
    for row in range(min(below, sheet.height)):
        for column in range(sheet.width):
            if text := sheet.text(row, column):
                yield Title(row, column, text)


def form_number(
    sheet: Sheet, titles: Iterable[Title], known: Mapping[str, int], *, listed: bool
) -> tuple[int | None, list[Problem]]:
    """Return the number of the form that a sheet holds, by its name, else by its title rows.

    `known` are the numbers by the slugs of the forms' titles. A sheet that names no form returns
    None; so does one that names several in place of titles (`listed`), a table of contents. A
    title of another form than the sheet's name says is a problem.
    """
    name = slug(sheet.name)
    found = _BARE.fullmatch(name) or _SHEET.match(name)
    said = int(found.group(1)) if found else None
    numbers: dict[int, Title] = {}
    for title in titles:
        text = slug(title.text)
        match = _TITLE.match(text)
        number = int(match.group(1)) if match else known.get(text)
        if number is not None:
            numbers.setdefault(number, title)
    if said is None:
        several = listed and len(numbers) > 1
        return (None if several else next(iter(numbers), None)), []
    if numbers and said not in numbers:
        number, title = next(iter(numbers.items()))
        what = f"trang tính mang tên Biểu {said} nhưng tiêu đề là của Biểu {number}"
        todo = "sửa tên trang tính hoặc tiêu đề cho khớp nhau"
        return said, [Problem(sheet.where(title.row, title.column), what, todo)]
    return said, []


def named_year(sheet: Sheet, titles: Iterable[Title]) -> tuple[int | None, list[Problem]]:
    """Return the year-end that the title rows name ("Năm 2024", "31/12/2024").

    Years of legal texts and of dates of signing do not count. No year, or two, is a problem.
    """
    years: dict[int, Title] = {}
    for title in titles:
        text = title.text.casefold()
        if _LEGAL.search(text):
            continue
        found = [one or other for one, other in _YEAR_END.findall(text)]
        found += [] if re.search(r"ngày \d+ tháng", text) else _YEAR.findall(text)
        for year in found:
            years.setdefault(int(year), title)
    if len(years) == 1:
        return next(iter(years)), []
    if not years:
        todo = "ghi năm ở dòng tiêu đề phía trên bảng, ví dụ “Năm 2024 (thời điểm 31/12/2024)”"
        return None, [Problem(sheet.where(), "không rõ số liệu của năm nào", todo)]
    last = list(years.values())[-1]
    what = f"tiêu đề nêu hai năm khác nhau: {listing(str(year) for year in sorted(years))}"
    todo = "chỉ để lại năm của số liệu trong biểu"
    return None, [Problem(sheet.where(last.row, last.column), what, todo)]


def period_problem(sheet: Sheet, titles: Iterable[Title]) -> list[Problem]:
    """Return the problem of a form that is not about a year-end, if it says so."""
    for title in titles:
        if name_key(title.text) == _NOT_YEAR_END:
            what = f"kỳ rà soát là “{title.text}”, không phải số liệu cuối năm"
            todo = f"gửi biểu của “{PERIODS[0]}”; số liệu trong năm ghi ở bảng poverty_periods"
            return [Problem(sheet.where(title.row, title.column), what, todo)]
    return []
