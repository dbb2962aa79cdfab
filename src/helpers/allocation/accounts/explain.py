"""Why a unit gets what it gets: the clerk's worksheet behind any amount."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from helpers import words
from helpers.allocation.engine import Allocation
from helpers.allocation.model import Cell, Fixed, Portion
from helpers.allocation.worksheet import UnitScore, figure, judge_unit
from helpers.errors import InputRefused, Problem
from helpers.money import written
from helpers.plan.model import Line
from helpers.plan.rules.model import METHODS, TIES, Basis, Rule, Sharing
from helpers.plan.vocabulary import STATUSES
from helpers.text import listing, match_key, nearest

__all__ = ["Worksheet", "basis_words", "explain", "explainer"]

KINDS = {"district": "huyện", "commune": "xã"}
HELD = {"mức sàn": -1, "mức trần": 1}
NOTE = "Điểm ghi đến sáu chữ số lẻ; phép chia dùng số chính xác."


@dataclass(frozen=True)
class Worksheet:
    """An explained amount; in a notebook it shows as text with tables."""

    title: str
    amount: int
    """đồng, all sources and capital types of the line together."""
    text: str
    """Markdown."""

    def __str__(self) -> str:
        """Return the worksheet as text."""
        return f"{self.title}\n\n{self.text}"

    def _repr_markdown_(self) -> str:
        return f"### {self.title}\n\n{self.text}"


def basis_words(basis: Basis) -> str:
    """Return a legal basis as a document cites it."""
    parts = [basis.document]
    if basis.date is not None:
        parts.append(words.date_words(basis.date))
    said = " ".join(parts)
    return f"{basis.article} {said}" if basis.article else said


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _score_text(name: str, scored: UnitScore) -> str:
    """Return the table of criteria and the sums below it."""
    rows = [(step.name, step.value, step.hit, figure(step.points)) for step in scored.criteria]
    table = _table(("Tiêu chí", "Số liệu", "Mức áp dụng", "Điểm"), rows)
    total = sum((step.points for step in scored.criteria), Fraction(0))
    lines = [table, "", f"Tổng điểm các tiêu chí: {figure(total)}."]
    for factor in scored.multipliers:
        about = ", ".join(part for part in (factor.value, factor.hit) if part)
        lines.append(f"Nhân {factor.name.lower()} ({about}): × {figure(factor.points)}.")
    if scored.class_name:
        lines.append(
            f"Xếp loại {scored.class_name}: hệ số {figure(scored.coefficient)} thay cho điểm."
        )
    lines.append(f"Hệ số của {name}: **X = {figure(scored.coefficient)}**. {NOTE}")
    return "\n".join(lines)


def _bound_text(portion: Portion, place: int) -> str:
    """Return how floor and cap moved the share; empty where nobody is at either."""
    shared = portion.shared
    bound = int(shared.bound[place])
    if bound:
        held = words.million_dong(int(shared.amounts[place]))
        way = "thấp hơn mức sàn nên được nâng lên" if bound < 0 else "cao hơn mức trần nên chỉ nhận"
        return f"{way} {held}"
    if not shared.bound.any():
        return ""
    counts = {name: int((shared.bound == side).sum()) for name, side in HELD.items()}
    said = listing(f"{number} đơn vị nhận {name}" for name, number in counts.items() if number)
    free = [int(i) for i in np.flatnonzero((shared.bound == 0) & portion.kept)]
    total = sum((portion.scores.coefficients.at(i) for i in free), Fraction(0))
    own = Fraction(int(shared.numerators[place]), shared.denominator)
    return (
        f"{said}; còn {words.million_dong(shared.pot)} chia cho {len(free)} đơn vị có tổng hệ số "
        f"{figure(total)}: {words.million(shared.pot)} × "
        f"{figure(portion.scores.coefficients.at(place))} / {figure(total)} = "
        f"{words.million_dong(own)}"
    )


def _rounding_text(portion: Portion, place: int) -> str:
    shared, unit = portion.shared, portion.unit
    if int(shared.bound[place]):
        return ""
    floor, extra = int(shared.floors[place]), int(shared.extras[place])
    rank = int(shared.ranks[place])
    if portion.sharing.method != "largest_remainder":
        said = f"làm tròn theo {METHODS[portion.sharing.method]}"
        change = (
            f", {'thêm' if extra > 0 else 'bớt'} {words.million_dong(abs(extra))}" if extra else ""
        )
        return f"{said} từ {words.million_dong(floor)}{change}"
    left = int(shared.extras.sum())
    gained = f"được cộng {words.million_dong(extra)}" if extra else "không được cộng thêm"
    said = f"lấy phần nguyên (bội số của {written(unit)}) {words.million_dong(floor)}; "
    said += (
        f"còn {words.million_dong(left)} lần lượt cộng cho số dư lớn nhất, đơn vị này xếp thứ "
        f"{rank} nên {gained}"
        if left
        else "không còn dư"
    )
    if bool(shared.tied[place]):
        said += f" (số dư bằng đơn vị khác, quyết định theo quy tắc: {TIES[portion.sharing.ties]})"
    return said


def _whole(portion: Portion) -> Fraction:
    """Return ΣX over the units that take part."""
    coefficients = portion.scores.coefficients
    taking_part = (int(i) for i in np.flatnonzero(portion.kept))
    return sum((coefficients.at(i) for i in taking_part), Fraction(0))


def _portion_text(portion: Portion, place: int, source: str) -> str:
    """Return one source's amount: exact share, bounds, rounding, amount."""
    scores = portion.scores
    amount = int(portion.shared.amounts[place])
    if not portion.kept[place]:
        return (
            f"- {source}: phần chia theo hệ số thấp hơn mức giao tối thiểu nên không giao, "
            "chia lại cho các đơn vị khác → **0**"
        )
    total = _whole(portion)
    own = scores.coefficients.at(place)
    exact = portion.total * own / total if total else Fraction(0)
    each = portion.total / total if total else Fraction(0)
    start = (
        f"- {source}: Q = G / ΣX = {words.million(portion.total)} / {figure(total)} = "
        f"{words.million_dong(each)} mỗi điểm; V = Q × X = {words.million(portion.total)} × "
        f"{figure(own)} / {figure(total)} = {words.million_dong(exact)}; "
    )
    steps = [_bound_text(portion, place), _rounding_text(portion, place)]
    return f"{start}{'; '.join(step for step in steps if step)} → **{words.million_dong(amount)}**"


def _rule_text(rule: Rule) -> str:
    return f"Căn cứ: {basis_words(rule.basis)}. Độ tin cậy: {STATUSES[rule.status]}."


def _pot_text(allocation: Allocation, line: Line, cell: Cell) -> str:
    """Return what a pot is and what was taken off it before the units' part."""
    distribution = allocation.distribution
    pot = allocation.pots[cell]
    name = allocation.plan.capital.sources.get(cell.source, cell.source)
    parts = [f"- {name}: khoản vốn {words.million_dong(pot)}"]
    taken = [item for item in distribution.fixed if item.cell == cell]
    parts += [f"{item.name} {words.million_dong(item.amount)}" for item in taken if item.name]
    parts += [
        f"{item.reason} {words.million_dong(item.amount)}"
        for item in distribution.unplaced
        if item.cell == cell and item.reserve
    ]
    agencies = [item for item in taken if item.level == "agency" and not item.name]
    parts += [f"{item.unit} {words.million_dong(item.amount)}" for item in agencies]
    portion = distribution.portions.get((cell, ""))
    left = portion.total if portion else 0
    said = parts[0] + (f", trừ {listing(parts[1:])}" if parts[1:] else "")
    return f"{said}; các đơn vị chia G = {words.million_dong(left)}"


def _places(portion: Portion, code: str) -> int | None:
    codes = portion.scores.units.codes
    return codes.index(code) if code in codes else None


def _shared_text(
    allocation: Allocation, line: Line, capital_type: str, code: str, name: str, parent: str
) -> tuple[list[str], int]:
    """Return the worksheet of one sharing (all sources of a type), and the unit's sum."""
    cells = [
        cell
        for cell in allocation.pots
        if (cell.line, cell.capital_type) == (line.code, capital_type)
        and (cell, parent) in allocation.portions
    ]
    portions = [allocation.portions[cell, parent] for cell in cells]
    places = [_places(portion, code) for portion in portions]
    if not portions or places[0] is None:
        return [], 0
    first, place = portions[0], places[0]
    sharing, units = first.sharing, first.scores.units
    scored = judge_unit(sharing, units, place)
    total = _whole(first)
    kind, count = KINDS[units.level], int(first.kept.sum())
    within = f" của {name_of(allocation, parent)}" if parent else ""
    left_out = len(units) - count
    aside = f" (không tính {left_out} {kind} dưới mức giao tối thiểu)" if left_out else ""
    lines = [_score_text(name, scored), ""]
    lines.append(
        f"Tổng hệ số của {count} {kind} được phân bổ{within}{aside}: ΣX = {figure(total)}."
    )
    for bound, said in ((sharing.floor, "Mức sàn"), (sharing.cap, "Mức trần")):
        if bound is not None:
            size = (
                words.million_dong(bound.amount)
                if bound.amount is not None
                else f"{figure(bound.percent)}% khoản vốn"
            )
            lines.append(f"{said} cho mỗi đơn vị: {size}.")
    lines.append("")
    amount = 0
    for cell, portion in zip(cells, portions, strict=True):
        source = allocation.plan.capital.sources.get(cell.source, cell.source)
        lines.append(_portion_text(portion, place, source))
        amount += int(portion.shared.amounts[place])
    return lines, amount


def name_of(allocation: Allocation, code: str) -> str:
    """Return a district's name by its code."""
    return allocation.data.district_names[code]


def _find_line(allocation: Allocation, text: str) -> Line:
    lines = allocation.plan.lines
    key = match_key(text)
    for line in lines:
        if key in (match_key(line.code), match_key(line.name), match_key(line.short)):
            return line
    near = nearest(text, [line.code for line in lines])
    todo = f"có phải là “{near}”? " if near else ""
    known = ", ".join(line.code for line in lines)
    what = f"không có dự án, tiểu dự án “{text}”"
    raise InputRefused([Problem("explain", what, f"{todo}Các mã: {known}")])


def _find_unit(allocation: Allocation, text: str) -> tuple[str, str, str, str]:
    """Return level, code, name and district of the unit named by code or name.

    A commune may be given with its district ("Mường Xén, Kỳ Sơn") where its name is not enough.
    """
    key = match_key(text)
    data = allocation.data
    found = [
        ("district", code, name, code)
        for code, name in data.district_names.items()
        if key in (match_key(code), match_key(name))
    ]
    found += [
        ("agency", agency.code, agency.name, "")
        for agency in allocation.rule_set.agencies
        if key in (match_key(agency.code), match_key(agency.name))
    ]
    if not found:
        for row in data.communes.itertuples():
            full = f"{row.kind} {row.name}"
            names = (row.code, row.name, full, f"{row.name}, {row.district}")
            if key in map(match_key, (*names, f"{full}, {row.district}")):
                found.append(("commune", row.code, f"{full}, {row.district}", row.district_code))
    if len(found) == 1:
        return found[0]
    if found:
        named = listing(name for _, _, name, _ in found)
        problem = Problem("explain", f"có {len(found)} đơn vị tên “{text}”", f"ghi rõ: {named}")
        raise InputRefused([problem])
    known = [*data.district_names.values(), *(a.name for a in allocation.rule_set.agencies)]
    near = nearest(text, [*known, *data.communes["name"]])
    todo = f"có phải là “{near}”?" if near else "ghi tên huyện, xã hoặc sở, ngành"
    raise InputRefused([Problem("explain", f"không có đơn vị “{text}”", todo)])


def _fixed_text(allocation: Allocation, item: Fixed, rule: Rule) -> str:
    """Return how an agency's part, or an earmark, came about."""
    source = allocation.plan.capital.sources.get(item.cell.source, item.cell.source)
    if item.name:
        return f"- {source}: khoản cố định “{item.name}” → **{words.million_dong(item.amount)}**"
    shared = allocation.distribution.agencies[item.cell]
    part = next(share for share in shared.shares if share.key == item.unit_code)
    return (
        f"- {source}: {figure(Fraction(part.weight))}% của {words.million_dong(shared.total)} = "
        f"{words.million_dong(part.quota)}; làm tròn theo số dư lớn nhất → "
        f"**{words.million_dong(item.amount)}**"
    )


def _parent_text(allocation: Allocation, cells: Iterable[Cell], parent: str) -> str:
    """Return what the commune's district got, to be shared among its communes."""
    amount = 0
    for cell in cells:
        portion = allocation.portions.get((cell, parent))
        amount += portion.total if portion else 0
    return f"{name_of(allocation, parent)} được {words.million_dong(amount)} để chia cho các xã:"


def _why_nothing(rule: Rule, level: str, name: str) -> str:
    sharing: Sharing | None = rule.communes if level == "commune" else rule.districts
    if sharing is None:
        return f"Quy tắc của dự án này không chia cho cấp của {name}, nên không có số vốn."
    return f"{name} không thuộc diện được phân bổ theo quy tắc này, nên không có số vốn."


def explain(allocation: Allocation, line: str, unit: str) -> Worksheet:
    """Return the worksheet of what a unit gets from a line, in every capital type and source.

    Args:
        allocation: the allocation to explain.
        line: code or name of a sub-project, or of a project that has none ("DA2").
        unit: name or code of a district, commune or province agency ("Kỳ Sơn").

    Raises:
        InputRefused: no such line or unit, or more than one commune of that name.
    """
    of = _find_line(allocation, line)
    level, code, name, district = _find_unit(allocation, unit)
    rule = allocation.rule_set.rule(of.code)
    title = f"Cách tính vốn {of.code} ({of.short}) cho {name}"
    cells = [cell for cell in allocation.pots if cell.line == of.code and allocation.pots[cell]]
    if rule is None or not cells:
        return Worksheet(title, 0, "Năm nay dự án, tiểu dự án này không được bố trí vốn.")
    types = allocation.plan.capital.types
    parts = [_rule_text(rule)]
    amount, shares = 0, False
    for capital_type in dict.fromkeys(cell.capital_type for cell in cells):
        own = [cell for cell in cells if cell.capital_type == capital_type]
        parts += ["", f"**{types.get(capital_type, capital_type)}**", ""]
        parts += [_pot_text(allocation, of, cell) for cell in own]
        fixed = [
            item
            for item in allocation.distribution.fixed
            if item.cell in own and (item.level, item.unit_code) == (level, code)
        ]
        parts += ["", *(_fixed_text(allocation, item, rule) for item in fixed)] if fixed else []
        parent = district if level == "commune" and rule.districts else ""
        lines, sums = _shared_text(allocation, of, capital_type, code, name, parent)
        if lines and parent:
            parts += ["", _parent_text(allocation, own, parent)]
        parts += ["", *lines] if lines else []
        amount += sums + sum(item.amount for item in fixed)
        shares = shares or bool(lines or fixed)
    if not shares:
        parts += ["", _why_nothing(rule, level, name)]
    if shares:
        parts += ["", f"Cộng vốn {of.code} của {name}: **{words.million_dong(amount)}**."]
    return Worksheet(title, amount, "\n".join(parts))


def explainer(allocation: Allocation) -> Callable[[str, str], Worksheet]:
    """Return `explain` for one allocation: `explain("DA2", "Kỳ Sơn")`."""

    def of(line: str, unit: str) -> Worksheet:
        return explain(allocation, line, unit)

    return of
