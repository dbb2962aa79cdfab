"""One numeric cell of a returned form, made a number; or a sentence that says what is wrong.

Districts type numbers as text and with any thousands mark. In a column of counts a group of three
digits is thousands, since a count has no fraction; whatever else has a fraction is refused.
"""

from __future__ import annotations

import datetime
import math
import re

from helpers.data.cells import CellRefusedError, shown
from helpers.text import nfc

__all__ = ["is_blank", "looks_numeric", "read_count", "read_percent"]

_MOST = 10**12
_DASHES = frozenset("-–—−")
_WHOLE = re.compile(r"\d+(?:[.,]0{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}([., ])\d{3}(?:\1\d{3})*", re.ASCII)
_DECIMAL = re.compile(r"\d+[.,]\d+", re.ASCII)
_NEGATIVE = re.compile(r"[-–−]\s?(?=\d)|\((?=[\d., ]+\)$)")
_ONLY_DIGITS = "chỉ ghi các chữ số, ví dụ 1234"


def is_blank(cell: object) -> bool:
    """Tell whether a cell has nothing but white space."""
    return isinstance(cell, str) and not cell.strip()


def looks_numeric(cell: object) -> bool:
    """Tell whether a cell is a number, a text that begins like one, or a dash for nothing."""
    if not isinstance(cell, str):
        return not isinstance(cell, bool | datetime.date | datetime.time)
    text = nfc(cell)
    return text in _DASHES or bool(re.match(r"[(–−-]?\s?\d[\d., ]*[%)]?$", text))


def read_count(cell: object) -> int | None:
    """Return a whole number, zero or more; None of a blank cell, zero of a dash.

    Raises:
        CellRefusedError: the cell is text, negative, or has a fraction.
    """
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _counted(cell)
    text = _text(cell)
    if not text:
        return None
    if text in _DASHES:
        return 0
    if _NEGATIVE.match(text):
        raise CellRefusedError(f"{shown(text)} là số âm", "ghi số không âm")
    if _GROUPED.fullmatch(text):
        return _bounded(int(re.sub(r"[., ]", "", text)), text)
    if _WHOLE.fullmatch(text):
        return _bounded(int(re.split(r"[.,]", text)[0]), text)
    if _DECIMAL.fullmatch(text):
        raise CellRefusedError(f"{shown(text)} có phần lẻ", "ghi số nguyên")
    raise CellRefusedError(f"{shown(text)} không phải là số", _ONLY_DIGITS)


def _counted(number: float) -> int:
    if number < 0:
        raise CellRefusedError(f"{shown(f'{number:.15g}')} là số âm", "ghi số không âm")
    if number != int(number):
        todo = "ghi số nguyên"
        thousands = number * 1000
        if number < 1000 and math.isclose(thousands, round(thousands)):
            todo += f"; nếu dấu chấm ngăn hàng nghìn thì ghi {round(thousands)}"
        raise CellRefusedError(f"{shown(f'{number:.15g}')} có phần lẻ", todo)
    return _bounded(int(number), f"{number:.15g}")


def _bounded(number: int, text: str) -> int:
    if number > _MOST:
        raise CellRefusedError(f"{shown(text)} lớn quá mức có thể", "kiểm tra lại các chữ số")
    return number


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return nfc(cell)
    if isinstance(cell, datetime.date | datetime.time):
        todo = "đổi định dạng ô sang số (Number) rồi gõ lại số"
        raise CellRefusedError(f"ô chứa ngày giờ {shown(str(cell))}", todo)
    raise CellRefusedError(f"{shown(str(cell).upper())} không phải là số", _ONLY_DIGITS)


def read_percent(cell: object) -> float:
    """Return a percentage as it is written ("4,16", "4.16", "4,16%"); NaN of a blank cell.

    Raises:
        CellRefusedError: the cell is text, or negative.
    """
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        value = float(cell)
    else:
        text = _text(cell)
        if not text:
            return math.nan
        plain = text.removesuffix("%").rstrip()
        if plain in _DASHES:
            return 0.0
        if not re.fullmatch(r"[-−]?\d+(?:[.,]\d+)?", plain, re.ASCII):
            raise CellRefusedError(f"{shown(text)} không phải là số", "ghi tỷ lệ, ví dụ 4,16")
        value = float(plain.replace(",", ".").replace("−", "-"))
    if value < 0:
        raise CellRefusedError(f"{shown(str(cell))} là số âm", "ghi số không âm")
    return value
