"""The forms 1 to 11 of the yearly review, declared once for writing, reading and checking.

The forms are those that districts and communes return after each review of poor and near-poor
households (Thông tư 07/2021/TT-BLĐTBXH). Forms 4 to 7 have a column for each indicator of the
poverty standard in force, form 9 one for each ethnic group of the province. What the layouts of
forms 9, 10 and 11 look like in print was not available: their columns are this project's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["MEASURES", "PERSONS", "Form", "FormColumn", "Term", "review_forms"]

PERSONS = "_persons"
"""What the name of a frame's column ends in where it counts persons of a paired column."""

MEASURES: Mapping[str, str] = MappingProxyType({"": "Hộ", PERSONS: "Nhân khẩu"})
"""The two halves of a paired column: what the name ends in, and the sub-caption."""

_TERM = re.compile(r"([+-]?)(\d+)")


@dataclass(frozen=True)
class Term:
    """One column number of a sum, with its sign."""

    sign: int
    number: int


@dataclass(frozen=True)
class FormColumn:
    """One numbered column of a form.

    `group` is the caption above `caption`, shared by neighbours, blank where the caption stands
    alone. `sum_of` (column numbers with signs, "1-2-3+4") or `percent_of` (part, whole) say what
    a computed column is, from columns of this form or of the form `of_form`; `loose` marks a sum
    that the form's header states but that need not hold. `counts` says what is counted.
    """

    number: int
    key: str
    caption: str
    group: str = ""
    sum_of: str = ""
    percent_of: tuple[int, int] | None = None
    of_form: int = 0
    loose: bool = False
    counts: str = "hộ"

    @property
    def is_rate(self) -> bool:
        """Tell whether the column is a percentage, which is never kept, only checked."""
        return self.percent_of is not None

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return the terms of the sum; none where it is no sum."""
        found = _TERM.findall(self.sum_of)
        return tuple(Term(-1 if sign == "-" else 1, int(number)) for sign, number in found)

    @property
    def label(self) -> str:
        """Return the whole caption, the group first."""
        return f"{self.group}: {self.caption}" if self.group else self.caption

    @property
    def heading(self) -> str:
        """Return what the row of column numbers says ("9=1-2-3-4+5+6+7+8", "4=3/1*100")."""
        if self.percent_of:
            part, whole = self.percent_of
            other = f" của Biểu {self.of_form}" if self.of_form else ""
            return f"{self.number}={part}/{whole}*100{other}"
        return f"{self.number}={self.sum_of}" if self.sum_of else str(self.number)


@dataclass(frozen=True)
class Form:
    """One form: its number, title, and numbered columns.

    A `paired` form has each column twice, for households and for persons (Hộ / Nhân khẩu).
    `percent_of_form` names the form whose counts this one shows in percent of their first column:
    such a form is never kept, only checked.
    """

    number: int
    title: str
    columns: tuple[FormColumn, ...]
    paired: bool = False
    percent_of_form: int | None = None

    @property
    def name(self) -> str:
        """Return how texts call the form ("Biểu 2")."""
        return f"Biểu {self.number}"

    def column(self, number: int) -> FormColumn:
        """Return the column with a number."""
        return self.columns[number - 1]

    def by_key(self, key: str) -> FormColumn:
        """Return the column with a key; the name of a persons' half serves too."""
        bare = key.removesuffix(PERSONS) if self.paired else key
        return next(column for column in self.columns if column.key == bare)

    @property
    def halves(self) -> tuple[str, ...]:
        """Return what the names of frame columns end in: both halves, or only one."""
        return tuple(MEASURES) if self.paired else ("",)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the frame's columns in the form's order, the halves of a pair side by side."""
        return tuple(column.key + half for column in self.columns for half in self.halves)

    @property
    def counted(self) -> tuple[str, ...]:
        """Return those of `names` that hold counts; the others are percentages."""
        if self.percent_of_form:
            return self.names[:1]
        return tuple(name for name in self.names if not self.by_key(name).is_rate)

    def label(self, name: str) -> str:
        """Return the caption of a frame's column, with its half where it is one of a pair."""
        column = self.by_key(name)
        if not self.paired:
            return column.label
        half = MEASURES[PERSONS if name.endswith(PERSONS) else ""]
        return f"{column.label} ({half.lower()})"


def _columns(*columns: FormColumn | tuple[str, str] | tuple[str, str, str]) -> list[FormColumn]:
    """Return numbered columns from (key, caption[, group]) or columns whose number is open."""
    made = []
    for number, column in enumerate(columns, start=1):
        if isinstance(column, FormColumn):
            made.append(column)
        else:
            made.append(FormColumn(number, *column))
    return made


def _rate(number: int, part: int, whole: int, key: str, group: str) -> FormColumn:
    return FormColumn(number, key, "Tỷ lệ (%)", group, percent_of=(part, whole), counts="%")


_HOUSEHOLDS, _PEOPLE = "Số hộ", "Số nhân khẩu"
_AVERAGE = "nông, lâm, ngư, diêm nghiệp có mức sống trung bình"


def _summary() -> Form:
    poor, near, average = "Hộ nghèo", "Hộ cận nghèo", f"Hộ {_AVERAGE}"
    people = {
        "poor": "Nhân khẩu hộ nghèo",
        "near": "Nhân khẩu hộ cận nghèo",
        "average": f"Nhân khẩu hộ {_AVERAGE}",
    }

    def persons(number: int, key: str, group: str) -> FormColumn:
        return FormColumn(number, key, _PEOPLE, group, counts="người")

    return Form(
        1,
        "Tổng hợp kết quả rà soát hộ nghèo, hộ cận nghèo",
        (
            FormColumn(1, "households", "Tổng số hộ dân cư"),
            FormColumn(2, "persons", "Tổng số nhân khẩu", counts="người"),
            FormColumn(3, "poor_households", _HOUSEHOLDS, poor),
            _rate(4, 3, 1, "poor_rate", poor),
            FormColumn(5, "near_poor_households", _HOUSEHOLDS, near),
            _rate(6, 5, 1, "near_poor_rate", near),
            FormColumn(7, "average_households", _HOUSEHOLDS, average),
            _rate(8, 7, 1, "average_rate", average),
            persons(9, "poor_persons", people["poor"]),
            _rate(10, 9, 2, "poor_persons_rate", people["poor"]),
            persons(11, "near_poor_persons", people["near"]),
            _rate(12, 11, 2, "near_poor_persons_rate", people["near"]),
            persons(13, "average_persons", people["average"]),
            _rate(14, 13, 2, "average_persons_rate", people["average"]),
        ),
    )


CLOSING = "1-2-3-4+5+6+7+8"
"""How the closing number follows from the opening one and the year's flows."""


def _poor_flow() -> Form:
    out, into = "Thoát nghèo", "Bổ sung hộ nghèo"
    columns = _columns(
        ("opening", "Hộ nghèo đầu kỳ"),
        ("to_near_poor", "Trở thành hộ cận nghèo", out),
        ("above", "Vượt chuẩn cận nghèo", out),
        ("other_decrease", "Giảm khác (chuyển đi, qua đời, tách nhập hộ)"),
        ("from_near_poor", "Hộ cận nghèo trở thành hộ nghèo"),
        ("relapsed", "Tái nghèo", into),
        ("newly", "Phát sinh mới", into),
        ("other_increase", "Tăng khác (chuyển đến, tách hộ)"),
        FormColumn(9, "closing", "Hộ nghèo cuối kỳ", sum_of=CLOSING),
    )
    return Form(2, "Diễn biến hộ nghèo trong năm", tuple(columns), paired=True)


def _near_poor_flow() -> Form:
    out, into = "Giảm hộ cận nghèo", "Bổ sung hộ cận nghèo"
    columns = _columns(
        ("opening", "Hộ cận nghèo đầu kỳ"),
        ("to_poor", "Trở thành hộ nghèo", out),
        ("above", "Vượt chuẩn cận nghèo", out),
        ("other_decrease", "Giảm khác (chuyển đi, qua đời, tách nhập hộ)"),
        ("from_poor", "Hộ nghèo trở thành hộ cận nghèo"),
        ("relapsed", "Tái cận nghèo", into),
        ("newly", "Phát sinh mới", into),
        ("other_increase", "Tăng khác (chuyển đến, tách hộ)"),
        FormColumn(9, "closing", "Hộ cận nghèo cuối kỳ", sum_of=CLOSING),
    )
    return Form(3, "Diễn biến hộ cận nghèo trong năm", tuple(columns), paired=True)


def _deprivations(number: int, who: str, indicators: Mapping[str, str], *, percent: bool) -> Form:
    group = "Tỷ lệ thiếu hụt (%)" if percent else "Số hộ thiếu hụt chỉ số"
    columns = [FormColumn(1, "households", f"Tổng số {who}")]
    for place, (key, caption) in enumerate(indicators.items(), start=2):
        of = (place, 1) if percent else None
        of_form, counts = (number - 1, "%") if percent else (0, "hộ")
        columns.append(FormColumn(place, key, caption, group, "", of, of_form, counts=counts))
    said = "Tỷ lệ" if percent else "Số"
    return Form(
        number,
        f"{said} {who} thiếu hụt các dịch vụ xã hội cơ bản",
        tuple(columns),
        percent_of_form=number - 1 if percent else None,
    )


def _groups() -> Form:
    columns = _columns(
        ("households", "Tổng số hộ nghèo"),
        ("dtts", "Hộ dân tộc thiểu số"),
        ("no_labour", "Hộ không có khả năng lao động"),
        ("merit", "Hộ có thành viên là người có công với cách mạng"),
        FormColumn(5, "other", "Hộ nghèo khác", sum_of="1-2-3-4", loose=True),
    )
    return Form(8, "Hộ nghèo theo nhóm đối tượng", tuple(columns), paired=True)


def _ethnicities(groups: Sequence[str]) -> Form:
    numbers = [str(number) for number in range(2, len(groups) + 2)]
    columns = [FormColumn(1, "households", "Tổng số hộ nghèo", sum_of="+".join(numbers))]
    columns += [
        FormColumn(place + 2, f"ethnic_{place + 1}", name, "Trong đó, dân tộc")
        for place, name in enumerate(groups)
    ]
    return Form(9, "Hộ nghèo theo dân tộc", tuple(columns), paired=True)


def _causes() -> Form:
    group = "Nguyên nhân nghèo"
    columns = _columns(
        ("households", "Tổng số hộ nghèo"),
        ("no_land", "Không có đất sản xuất", group),
        ("no_capital", "Không có vốn sản xuất, kinh doanh", group),
        ("no_workers", "Không có lao động", group),
        ("no_tools", "Không có công cụ, phương tiện sản xuất", group),
        ("no_knowledge", "Không có kiến thức về sản xuất", group),
        ("no_skills", "Không có kỹ năng lao động, sản xuất", group),
        ("illness", "Có người ốm đau, bệnh nặng, tai nạn", group),
        ("other_cause", "Nguyên nhân khác", group),
    )
    return Form(10, "Hộ nghèo theo nguyên nhân nghèo", tuple(columns))


def _children() -> Form:
    def child(number: int, key: str, caption: str, group: str) -> FormColumn:
        return FormColumn(number, key, caption, group, counts="trẻ em")

    poor, near = "Trẻ em thuộc hộ nghèo", "Trẻ em thuộc hộ cận nghèo"
    return Form(
        11,
        "Trẻ em thiếu hụt về y tế, giáo dục",
        (
            child(1, "children", "Tổng số", poor),
            child(2, "health", "Thiếu hụt về y tế", poor),
            child(3, "education", "Thiếu hụt về giáo dục", poor),
            child(4, "near_children", "Tổng số", near),
            child(5, "near_health", "Thiếu hụt về y tế", near),
            child(6, "near_education", "Thiếu hụt về giáo dục", near),
        ),
    )


def review_forms(indicators: Mapping[str, str], ethnicities: Sequence[str]) -> tuple[Form, ...]:
    """Return the forms 1 to 11 for a standard's indicators (key → name) and ethnic groups."""
    poor, near = "hộ nghèo", "hộ cận nghèo"
    return (
        _summary(),
        _poor_flow(),
        _near_poor_flow(),
        _deprivations(4, poor, indicators, percent=False),
        _deprivations(5, poor, indicators, percent=True),
        _deprivations(6, near, indicators, percent=False),
        _deprivations(7, near, indicators, percent=True),
        _groups(),
        _ethnicities(ethnicities),
        _causes(),
        _children(),
    )
