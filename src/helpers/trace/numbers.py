"""Numbers as a planner types them and as a brief prints them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from helpers import words
from helpers.data.published import SUPPRESSED
from helpers.errors import HelpersError
from helpers.language import SOURCE
from helpers.text import nfc

__all__ = ["Kind", "NotANumber", "Number", "asked_number", "numbers_in", "rounds_to"]

Kind = Literal["money", "percent", "count", ""]
"""What a number counts, as far as the unit beside it tells."""

MONEY = {"tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "nghìn": 1000, "ngàn": 1000, "đồng": 1, "đ": 1}
PERCENT = ("%", "điểm %", "điểm phần trăm")
COUNTED = ("hộ", "xã", "huyện", "người", "nhân khẩu", "lần", "dự án", "đơn vị", "km²", "điểm")

MONEY_EN = {"billion": 10**9, "million": 10**6, "thousand": 1000, "dong": 1}
PERCENT_EN = ("%", "pp", "percentage points", "percentage point")
COUNTED_EN = (
    *("households", "household", "communes", "commune", "districts", "district", "people"),
    *("persons", "person", "times", "projects", "project", "units", "unit", "km²", "points"),
)
CURRENCY = "VND "
"""What stands before an amount in English."""

_WHOLE = r"\d{1,3}(?:\.\d{3})+(?!\d)|\d+"


def _printed(units: Iterable[str]) -> re.Pattern[str]:
    """Return what a printed number looks like, with one of these units behind it or none."""
    named = "|".join(re.escape(unit) for unit in units)
    return re.compile(
        rf"(?P<sign>(?:(?<=[\s(;:])|^)[-+−])?(?<![\w.,])(?P<whole>{_WHOLE})(?:,(?P<part>\d+))?(?!\w)"
        rf"(?=(?:\s?[–-]\s?\d[\d.,]*)?(?:\s?(?P<unit>{named})(?!\w))?)"
    )


_PRINTED = {
    SOURCE: _printed((*PERCENT, *MONEY, *COUNTED)),
    "en": _printed((*PERCENT_EN, *MONEY_EN, *COUNTED_EN)),
}
"""By language, its signs as the Vietnamese have them."""
# Dates, numbers of documents (02/2022/QĐ-TTg, 90/QĐ-TTg), names of files.
_NO_NUMBER = re.compile(
    r"\d{1,2}/\d{1,2}/\d{4}|ngày \d{1,2} tháng \d{1,2}"
    r"|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|\d+/\d{4}/[\w-]+|\d+/[A-ZĐ][\w-]+|[\w./-]+\.\w*[a-z]\w*"
)
_TYPED = re.compile(
    r"(?P<sign>[-+−–]?) ?(?:(?P<whole>\d{1,3}(?:[. ]\d{3})+|\d{1,3}(?:,\d{3}){2,}|\d+)"
    r"(?:[,.](?P<part>\d+))?) ?(?P<unit>\D*)"
)
_RUN = re.compile(r"\d[\d.,]*\d")
_SWAPPED = str.maketrans(".,", ",.")


class NotANumber(HelpersError):
    """What was asked for is no number as a brief prints them."""


@dataclass(frozen=True)
class Number:
    """One number: its sign, its digits, and the unit beside it.

    `digits` has no thousands' dots, decimals after a comma ("28416", "4,16").
    """

    text: str
    digits: str
    sign: str = ""
    kind: Kind = ""
    scale: int = 1
    """How many đồng one unit of money is."""
    unit: str = ""
    start: int = 0
    """Where it begins in the text that it was found in."""

    @property
    def decimals(self) -> int:
        """Return how many decimals are written."""
        return len(self.digits.partition(",")[2])

    @property
    def value(self) -> Fraction:
        """Return the number in the unit beside it."""
        return Fraction(Decimal(self.sign.replace("+", "") + self.digits.replace(",", ".")))

    def is_same(self, asked: Number) -> bool:
        """Tell whether this printed number is the one that was asked for.

        Amounts with units are compared in đồng, all else by the digits; a sign or a unit counts
        only where it was typed.
        """
        if asked.sign and asked.sign != self.sign:
            return False
        if asked.kind == "money" and self.kind == "money":
            return abs(asked.value) * asked.scale == abs(self.value) * self.scale
        if asked.kind == "count" and self.unit and self.unit != asked.unit:
            return False
        return asked.digits == self.digits and asked.kind in ("", self.kind)


def _meaning(unit: str) -> tuple[Kind, int]:
    """Return what a unit says: the kind, and for money how many đồng."""
    if unit in MONEY or unit in MONEY_EN:
        return "money", (MONEY | MONEY_EN)[unit]
    if unit in (*PERCENT, *PERCENT_EN):
        return "percent", 1
    return "count" if unit else "", 1


def _sign(written: str | None) -> str:
    return (written or "").replace("−", "-").replace("–", "-")


def _native(text: str, language: str) -> str:
    """Return the text with the signs of its numbers as the Vietnamese write them."""
    if language == SOURCE:
        return text
    return _RUN.sub(lambda found: found[0].translate(_SWAPPED), text)


def numbers_in(text: str, language: str = SOURCE) -> Iterator[Number]:
    """Yield the numbers of a text in their order; dates and numbers of documents are none."""
    native = _native(text, language)
    taken = [found.span() for found in _NO_NUMBER.finditer(native)]
    for found in _PRINTED[language].finditer(native):
        if any(start <= found.start("whole") < end for start, end in taken):
            continue
        kind, scale = _meaning(found["unit"] or "")
        whole = found["whole"].replace(".", "")
        digits = f"{whole},{found['part']}" if found["part"] else whole
        start, end = found.start(), found.end("unit") if found["unit"] else found.end()
        if language != SOURCE and native[:start].endswith(CURRENCY):
            kind, start = "money", start - len(CURRENCY)
        said = text[start:end]
        yield Number(said, digits, _sign(found["sign"]), kind, scale, found["unit"] or "", start)


def asked_number(typed: str, language: str = SOURCE) -> Number:
    """Return the number that a planner typed, as printed or with other grouping.

    Args:
        typed: The number, with a unit or without.
        language: The language of the brief: in English 603,736 is more than 603.736.

    Raises:
        NotANumber: it cannot be read as one; the message says how to write it.
    """
    text = nfc(typed).strip("“”\"'")
    if text in (SUPPRESSED, "..."):
        return Number(SUPPRESSED, SUPPRESSED)
    bare = text if language == SOURCE else text.removeprefix(CURRENCY)
    found = _TYPED.fullmatch(_native(bare, language))
    if found is None:
        raise NotANumber(
            f"“{text}” không phải là một số. Gõ một số như trên bản in: 28.416, 4,16%,"
            " 603,736 tỷ, -1,2."
        )
    unit = found["unit"].strip().casefold()
    for currency in ("đồng", "vnd") if language != SOURCE else ("đồng",):
        unit = unit.removesuffix(currency).strip() or unit
    known = (*PERCENT, *MONEY, *COUNTED)
    known += () if language == SOURCE else (*PERCENT_EN, *MONEY_EN, *COUNTED_EN, "vnd")
    if unit and unit not in known:
        raise NotANumber(
            f"không hiểu “{found['unit'].strip()}” sau số {found['whole']}. Bỏ phần chữ, hoặc ghi"
            " một đơn vị như: %, tỷ, triệu, đồng, hộ."
        )
    kind, scale = _meaning(unit)
    if unit == "vnd" or bare != text:
        kind = "money"
    whole = re.sub(r"[., ]", "", found["whole"])
    digits = f"{whole},{found['part']}" if found["part"] else whole
    return Number(text, digits, _sign(found["sign"]), kind, scale, unit)


def rounds_to(value: Fraction, digits: str) -> bool:
    """Tell whether the value, rounded as the project's words round, reads with these digits."""
    decimals = len(digits.partition(",")[2])
    written = words.decimal(abs(value), decimals)  # its signs are those of the language spoken
    return re.sub(r"[.,]", "", written) == digits.replace(",", "")
