"""One cell as it was written, made a value; or a sentence that says what is wrong with it.

Nothing is guessed: "1.234" is refused where a count is wanted, since it may be 1234 or 1,234.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from helpers.money import AmountRefused, parse_amount
from helpers.text import listing, match_key, nearest, nfc

__all__ = ["MERGED", "READERS", "UNCOMPUTED", "Cell", "CellRefusedError", "read_choice", "shown"]

Cell = str | int | Decimal
"""What a file holds: text, or a number where the file (Excel) itself says that it is one."""

UNCOMPUTED = "\ue000formula"
"""Stands for a formula that was never computed: Excel has stored no value."""

MERGED = "\ue000merged"
"""Stands for a cell that is hidden under a merged one."""

_WHOLE = re.compile(r"\d+", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,\s]\d{3})+", re.ASCII)
_DECIMAL = re.compile(r"\d+[.,]\d+", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LOCAL_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_MOST = 10**15
"""More than any province counts, in đồng too; far below what 64 bits hold, sums included."""
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")


class CellRefusedError(Exception):
    """A cell cannot be read: `what` is wrong with it, and what `todo`."""

    def __init__(self, what: str, todo: str) -> None:
        """Keep both halves of the sentence."""
        self.what, self.todo = what, todo
        super().__init__(f"{what} → {todo}")


def shown(cell: Cell) -> str:
    """Return the cell as a message quotes it."""
    return f"“{nfc(str(cell))}”"


def _filled(cell: Cell) -> Cell:
    """Return the cell, its text in form NFC; refuse a blank one and Excel's error words."""
    if not isinstance(cell, str):
        return cell
    if cell == UNCOMPUTED:
        todo = "mở tệp bằng Excel rồi lưu lại, hoặc gõ thẳng giá trị"
        raise CellRefusedError("công thức chưa được tính, ô không có giá trị", todo)
    if cell == MERGED:
        raise CellRefusedError("ô bị gộp", "bỏ gộp ô (Unmerge Cells), ghi đủ giá trị vào từng ô")
    text = nfc(cell)
    if not text:
        raise CellRefusedError("ô để trống", "điền giá trị; số không có thì ghi 0")
    if _ERROR.fullmatch(text):
        raise CellRefusedError(f"công thức bị lỗi {text}", "sửa công thức hoặc gõ thẳng giá trị")
    return text


def read_text(cell: Cell) -> str:
    """Return the text of a name, a code or a source."""
    filled = _filled(cell)
    if isinstance(filled, Decimal) and filled == int(filled):
        return str(int(filled))
    return str(filled)


def read_optional_text(cell: Cell) -> str:
    """Return the text of a cell that may be blank."""
    return "" if isinstance(cell, str) and not cell.strip() else read_text(cell)


def _bounded(value: int, cell: Cell) -> int:
    if value > _MOST:
        raise CellRefusedError(f"{shown(cell)} lớn quá mức có thể", "kiểm tra lại các chữ số")
    return value


def read_count(cell: Cell) -> int:
    """Return a whole number, zero or more."""
    filled = _filled(cell)
    if not isinstance(filled, str):
        if filled != int(filled):
            raise CellRefusedError(f"{shown(cell)} có phần lẻ", "ghi số nguyên")
        filled = str(int(filled))
    if _WHOLE.fullmatch(filled):
        return _bounded(int(filled), cell)
    if _WHOLE.fullmatch(filled.removeprefix("-")):
        raise CellRefusedError(f"{shown(cell)} là số âm", "ghi số không âm")
    if _GROUPED.fullmatch(filled):
        plain = re.sub(r"[.,\s]", "", filled)
        what = f"{shown(cell)} có dấu ngăn, không rõ là hàng nghìn hay phần lẻ"
        raise CellRefusedError(what, f"ghi liền các chữ số: {plain}")
    if _DECIMAL.fullmatch(filled):
        raise CellRefusedError(f"{shown(cell)} có phần lẻ", "ghi số nguyên")
    raise CellRefusedError(f"{shown(cell)} không phải là số", "chỉ ghi các chữ số, ví dụ 1234")


def _decimal(cell: Cell) -> Decimal:
    filled = _filled(cell)
    if not isinstance(filled, str):
        return Decimal(filled)
    plain = filled.removeprefix("-")
    if _WHOLE.fullmatch(plain) or _DECIMAL.fullmatch(plain):
        return Decimal(filled.replace(",", "."))
    if "%" in filled:
        raise CellRefusedError(f"{shown(cell)} có dấu %", "bỏ dấu %, chỉ ghi số, ví dụ 4.16")
    raise CellRefusedError(f"{shown(cell)} không phải là số", "ghi số, ví dụ 1234 hoặc 4.16")


def read_measure(cell: Cell) -> Decimal:
    """Return an exact number, zero or more, whose decimal mark is a dot or a comma."""
    if isinstance(cell, str) and _GROUPED.fullmatch(nfc(cell)):
        plain = re.sub(r"[.,\s]", "", nfc(cell))
        what = f"{shown(cell)} có thể là số hàng nghìn hoặc số có phần lẻ"
        raise CellRefusedError(what, f"ghi {plain} nếu là hàng nghìn; nếu có phần lẻ thì làm tròn")
    value = _decimal(cell)
    if value < 0:
        raise CellRefusedError(f"{shown(cell)} là số âm", "ghi số không âm")
    return Decimal(int(value)) if value == int(value) else value


def read_rate(cell: Cell) -> Decimal:
    """Return an exact percentage from 0 to 100, written without its sign."""
    value = read_measure(cell)
    if value > 100:
        raise CellRefusedError(f"{shown(cell)} lớn hơn 100%", "ghi tỷ lệ từ 0 đến 100")
    return value


def read_money(cell: Cell) -> int:
    """Return đồng, from whole đồng or from a text with a unit ("5.000 triệu")."""
    try:
        return _bounded(parse_amount(_filled(cell)), cell)
    except AmountRefused as error:
        raise CellRefusedError(error.what, error.todo) from None


def read_date(cell: Cell) -> date:
    """Return a day, from "2024-05-20" or "20/5/2024".

    A day and a month that could change places ("5/6/2024") are refused: Excel writes them in the
    order of the machine that it runs on.
    """
    filled = str(_filled(cell))
    iso, local = _ISO_DAY.fullmatch(filled), _LOCAL_DAY.fullmatch(filled)
    if iso:
        year, month, day = map(int, iso.groups())
    elif local:
        day, month, year = map(int, local.groups())
        if day != month and day <= 12 and month <= 12:
            what = (
                f"{shown(cell)} có hai cách đọc: ngày {day} tháng {month}, hoặc ngày {month} "
                f"tháng {day}"
            )
            todo = f"ghi theo thứ tự năm-tháng-ngày: {year}-{month:02d}-{day:02d}"
            raise CellRefusedError(what, f"{todo}, hoặc {year}-{day:02d}-{month:02d}")
    else:
        raise CellRefusedError(f"{shown(cell)} không phải là ngày", "ghi ngày dạng 2024-05-20")
    try:
        return date(year, month, day)
    except ValueError:
        what = f"không có ngày {shown(cell)} trong lịch"
        raise CellRefusedError(what, "ghi ngày dạng 2024-05-20") from None


def read_coordinate(cell: Cell) -> float:
    """Return degrees of latitude or longitude."""
    return float(_decimal(cell))


def read_choice(cell: Cell, words: Mapping[str, str]) -> str:
    """Return the word of a closed list: `words` maps each to its Vietnamese name."""
    by_key = {match_key(name): word for word, name in words.items()}
    by_key |= {match_key(word): word for word in words}
    blank = isinstance(cell, str) and not cell.strip()
    key = "" if blank else match_key(str(_filled(cell)))
    if key in by_key:
        return by_key[key]
    accepted = [name or "để trống" for name in words.values()]
    near = nearest(str(cell), [name for name in words.values() if name]) if key else None
    what = f"{shown(cell)} không có trong danh sách" if key else "ô để trống"
    todo = f"có phải là “{near}”? " if near else ""
    raise CellRefusedError(what, f"{todo}chỉ nhận: {listing(accepted)}")


READERS: Mapping[str, Callable[[Cell], object]] = MappingProxyType(
    {
        "text": read_text,
        "optional_text": read_optional_text,
        "count": read_count,
        "measure": read_measure,
        "rate": read_rate,
        "money": read_money,
        "date": read_date,
        "coordinate": read_coordinate,
    }
)
"""How a column's cells are read, by the word in its schema's metadata."""
