"""What has to hold between a plan and the rules by which its capital is shared."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from helpers.money import written
from helpers.plan.checks import Given, Part
from helpers.plan.model import Capital
from helpers.plan.rules.model import Counterpart, Earmark, Pot, Rule, RuleSet
from helpers.plan.rules.pots import part_of, pot_amount
from helpers.plan.source import Finding, Loc
from helpers.plan.values import suggestion

__all__ = ["Pieces", "check_lines_have_rules", "check_rules_fit", "given_by"]


@dataclass(frozen=True)
class Pieces:
    """The parts of a plan that rules touch; a part that is not well formed is None."""

    file: str
    year: int | None
    unit: int | None
    capital: Capital | None
    parts: Sequence[Part] | None

    @property
    def funding(self) -> Mapping[tuple[str, str], int]:
        """Return đồng by source and type."""
        return {(f.source, f.type): f.amount for f in self.capital.funding} if self.capital else {}

    def part(self, code: str) -> Part | None:
        """Return a line of the plan."""
        return next((part for part in self.parts or () if part.item.code == code), None)


def given_by(rules: RuleSet, pieces: Pieces) -> Given:
    """Return what the rules themselves give lines, and what they may leave over by rounding."""
    unit, funding = pieces.unit or 1, pieces.funding
    amounts: dict[tuple[str, str], int] = defaultdict(int)
    loose: dict[str, int] = defaultdict(int)
    for rule in rules.rules:
        for pot in rule.pots:
            capital = funding.get((pot.source, pot.type), 0)
            amount = pot_amount(pot, capital, unit)
            known = isinstance(amount, int)
            for line in rule.lines:
                amounts[line, pot.type] += amount if isinstance(amount, int) else 0
            if pot.amount is None:
                loose[pot.type] += unit if known else capital
    return Given(dict(amounts), dict(loose))


def check_lines_have_rules(rules: RuleSet, pieces: Pieces) -> Iterator[Finding]:
    """Yield the plan's lines that have capital and no rule."""
    given = given_by(rules, pieces).amounts
    for part in pieces.parts or ():
        code = part.item.code
        splits = part.item.split.values()
        funded = any(split.amount or split.weight for split in splits)
        funded = funded or any(line == code for line, _ in given)
        if funded and rules.rule(code) is None:
            what = f"“{code}” có vốn nhưng chưa có quy tắc phân bổ trong {rules.file}"
            yield Finding(part.loc, what, f"thêm vào tệp đó một quy tắc có “lines: [{code}]”")


def check_rules_fit(rules: RuleSet, pieces: Pieces) -> Iterator[Finding]:
    """Yield what in the rule file does not fit the plan."""
    yield from _in_force(rules, pieces)
    yield from _counterparts((), rules.counterpart, pieces)
    for place, rule in enumerate(rules.rules):
        loc: Loc = ("rules", place)
        yield from _lines(loc, rule, pieces)
        for i, pot in enumerate(rule.pots):
            yield from _known((*loc, "pots", i), pot, pieces)
            yield from _pot((*loc, "pots", i), rule, pot, pieces)
        for i, earmark in enumerate(rule.earmarks):
            yield from _known((*loc, "earmarks", i), earmark, pieces)
        yield from _counterparts(loc, rule.counterpart, pieces)
        yield from _off_the_top(loc, rule, pieces)
    yield from _within_funding(rules, pieces)


def _day(day: datetime.date) -> str:
    return f"{day:%d/%m/%Y}"


def _in_force(rules: RuleSet, pieces: Pieces) -> Iterator[Finding]:
    """Yield why the rules do not hold through the whole of the plan's year."""
    if pieces.year is None:
        return
    start, end = rules.valid.from_, rules.valid.to
    todo = f"chọn bộ quy tắc khác ở khóa rules của {pieces.file}, hoặc sửa khóa valid"
    if start is None:
        what = f"chưa có ngày bắt đầu hiệu lực nên không dùng được cho kế hoạch năm {pieces.year}"
        yield Finding(("valid", "from"), what, "ghi ngày bắt đầu hiệu lực, đã đối chiếu văn bản")
    elif start > datetime.date(pieces.year, 1, 1) or (
        end is not None and end < datetime.date(pieces.year, 12, 31)
    ):
        until = f"đến hết ngày {_day(end)}" if end else "trở đi"
        what = (
            f"bộ quy tắc có hiệu lực từ ngày {_day(start)} {until}, không đủ cả năm "
            f"{pieces.year} của kế hoạch"
        )
        yield Finding(("valid",), what, todo)


def _lines(loc: Loc, rule: Rule, pieces: Pieces) -> Iterator[Finding]:
    if pieces.parts is None:
        return
    codes = [part.item.code for part in pieces.parts]
    for i, line in enumerate(rule.lines):
        if line in codes:
            continue
        inner = [code for code in codes if code.startswith(f"{line}-")]
        what = f"“{line}” không phải dự án, tiểu dự án được bố trí vốn của {pieces.file}"
        todo = f"ghi các tiểu dự án: {', '.join(inner)}" if inner else suggestion(line, codes)
        yield Finding((*loc, "lines", i), what, todo)


def _known(loc: Loc, item: Pot | Earmark, pieces: Pieces) -> Iterator[Finding]:
    if pieces.capital:
        yield from _word((*loc, "source"), "nguồn vốn", item.source, pieces.capital.sources, pieces)
        yield from _word((*loc, "type"), "loại vốn", item.type, pieces.capital.types, pieces)


def _word(
    loc: Loc, kind: str, word: str, known: Mapping[str, str], pieces: Pieces
) -> Iterator[Finding]:
    if word not in known:
        what = f"{kind} “{word}” không có ở khóa capital của {pieces.file}"
        yield Finding(loc, what, suggestion(word, known))


def _counterparts(
    loc: Loc, counterparts: Sequence[Counterpart], pieces: Pieces
) -> Iterator[Finding]:
    for i, item in enumerate(counterparts if pieces.capital else ()):
        here: Loc = (*loc, "counterpart", i)
        capital = pieces.capital
        if capital:
            yield from _word((*here, "type"), "loại vốn", item.type, capital.types, pieces)
            yield from _word((*here, "of"), "nguồn vốn", item.of, capital.sources, pieces)
            yield from _word((*here, "source"), "nguồn vốn", item.source, capital.sources, pieces)


def _pot(loc: Loc, rule: Rule, pot: Pot, pieces: Pieces) -> Iterator[Finding]:
    part = pieces.part(rule.lines[0])
    if part is None or (pieces.capital and pot.type not in pieces.capital.types):
        return
    code = part.item.code
    if pot.type in part.item.split:
        what = f"“{code}” đã có vốn {pot.type} ở khóa split của {pieces.file}"
        todo = f"xóa {pot.type} khỏi split của “{code}”, hoặc xóa khoản vốn này"
        yield Finding(loc, what, todo)
    elif pot.type not in part.item.capital_types:
        what = f"“{code}” không được bố trí loại vốn {pot.type} (capital_types) trong kế hoạch"
        todo = f"thêm {pot.type} vào capital_types của “{code}”, hoặc xóa khoản vốn này"
        yield Finding((*loc, "type"), what, todo)


def _off_the_top(loc: Loc, rule: Rule, pieces: Pieces) -> Iterator[Finding]:
    """Yield earmarks that find no pot, or that with the reserve take more than there is."""
    part = pieces.part(rule.lines[0])
    if part is None or not rule.earmarks:
        return
    pots = {(pot.source, pot.type): pot for pot in rule.pots}
    taken: dict[tuple[str, str], int] = defaultdict(int)
    for i, earmark in enumerate(rule.earmarks):
        key = (earmark.source, earmark.type)
        here: Loc = (*loc, "earmarks", i)
        taken[key] += earmark.amount
        split = part.item.split.get(earmark.type)
        if key in pots:
            limit = pot_amount(pots[key], pieces.funding.get(key, 0), pieces.unit or 1)
        elif split is None:
            what = (
                f"“{part.item.code}” không có vốn {earmark.type} của nguồn {earmark.source} để "
                f"giao khoản “{earmark.name}”"
            )
            yield Finding(here, what, "sửa source, type của khoản này, hoặc thêm khoản vốn (pots)")
            continue
        else:
            limits = [split.amount, pieces.funding.get(key)]
            limit = min((amount for amount in limits if amount is not None), default=0)
        if not isinstance(limit, int) or taken[key] - earmark.amount > limit:
            continue
        kept = rule.reserve.percent if rule.reserve else None
        reserve = part_of(limit, kept, pieces.unit or 1) if isinstance(kept, Fraction) else 0
        if taken[key] + reserve > limit:
            beside = f" cùng dự phòng {written(reserve)}" if reserve else ""
            what = (
                f"các khoản giao riêng (earmarks) của nguồn {earmark.source}, loại vốn "
                f"{earmark.type} là {written(taken[key])}{beside}, vượt {written(limit)} của "
                f"“{part.item.code}”"
            )
            yield Finding((*here, "amount"), what, "giảm số tiền của các khoản, hoặc giảm dự phòng")


def _within_funding(rules: RuleSet, pieces: Pieces) -> Iterator[Finding]:
    """Yield the pots and earmarks that together exceed a source's capital of a type."""
    for key, name in (("pots", "khoản vốn (pots)"), ("earmarks", "khoản giao riêng (earmarks)")):
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for place, rule in enumerate(rules.rules):
            for i, item in enumerate(getattr(rule, key)):
                at = (item.source, item.type)
                if at not in pieces.funding:
                    continue
                amount = (
                    pot_amount(item, pieces.funding[at], pieces.unit or 1)
                    if isinstance(item, Pot)
                    else item.amount
                )
                before = sums[at]
                sums[at] += amount if isinstance(amount, int) else 0
                if before <= pieces.funding[at] < sums[at]:
                    what = (
                        f"các {name} của nguồn {at[0]}, loại vốn {at[1]} cộng lại là "
                        f"{written(sums[at])}, vượt {written(pieces.funding[at])} của kế hoạch"
                    )
                    yield Finding(("rules", place, key, i), what, "giảm các khoản này")
