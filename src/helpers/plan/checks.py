"""What has to hold between the parts of a plan: sums, codes, and money that finds its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from helpers.money import written
from helpers.plan.model import Capital, Progress, Project, SplitPart, SubProject, Target
from helpers.plan.source import Finding, Loc, Source
from helpers.plan.texts import PlanText
from helpers.plan.values import suggestion
from helpers.text import match_key

__all__ = [
    "Given",
    "Part",
    "check_capital",
    "check_progress",
    "check_projects",
    "check_split",
    "check_targets",
    "check_texts",
    "parts_of",
]


@dataclass(frozen=True)
class Given:
    """What the rules themselves give lines, beside the plan's split."""

    amounts: Mapping[tuple[str, str], int]
    """Đồng by line and capital type, as far as they are known."""
    loose: Mapping[str, int]
    """By capital type, what percentages may leave over: their rounding, or all if not known."""


@dataclass(frozen=True)
class Part:
    """A line of the plan and the way to it in the file."""

    loc: Loc
    item: Project | SubProject

    def splits(self, capital_type: str) -> Iterator[tuple[Loc, SplitPart]]:
        """Yield the line's part of the capital type, if it has one."""
        if capital_type in self.item.split:
            yield (*self.loc, "split", capital_type), self.item.split[capital_type]


def parts_of(projects: Iterable[tuple[int, Project]]) -> list[Part]:
    """Return what capital is allocated to: sub-projects, and projects that have none."""
    parts = []
    for place, project in projects:
        loc: Loc = ("projects", place)
        if project.subprojects:
            parts += [
                Part((*loc, "subprojects", i), item) for i, item in enumerate(project.subprojects)
            ]
        else:
            parts.append(Part(loc, project))
    return parts


def check_capital(capital: Capital) -> list[Finding]:
    """Return what is wrong within the capital: names, doubles, and the sum to the đồng."""
    findings = []
    seen: dict[tuple[str, str], int] = {}
    for place, item in enumerate(capital.funding):
        loc: Loc = ("capital", "funding", place)
        if item.source not in capital.sources:
            what = f"nguồn vốn “{item.source}” không có trong capital → sources"
            findings.append(
                Finding((*loc, "source"), what, suggestion(item.source, capital.sources))
            )
        if item.type not in capital.types:
            what = f"loại vốn “{item.type}” không có trong capital → types"
            findings.append(Finding((*loc, "type"), what, suggestion(item.type, capital.types)))
        first = seen.setdefault((item.source, item.type), place)
        if first != place:
            what = f"nguồn {item.source}, loại vốn {item.type} đã ghi ở mục {first + 1}"
            findings.append(Finding(loc, what, "cộng hai dòng làm một, hoặc sửa nguồn, loại vốn"))
    given, total = sum(item.amount for item in capital.funding), capital.total.amount
    if given != total:
        gap = "thiếu" if given < total else "thừa"
        what = (
            f"các dòng vốn cộng lại là {written(given)}, khác tổng vốn {written(total)} "
            f"({gap} {written(abs(total - given))})"
        )
        todo = "sửa các dòng vốn, hoặc sửa capital → total → amount"
        findings.append(Finding(("capital", "funding"), what, todo))
    return findings


def check_projects(
    projects: Sequence[tuple[int, Project]], capital: Capital | None, given: Given | None
) -> list[Finding]:
    """Return what is wrong with codes, and within each project and line.

    Without `given` (the rules cannot be read) nothing is said of capital that they may give.
    """
    findings = []
    seen: dict[str, Loc] = {}
    for place, project in projects:
        loc: Loc = ("projects", place)
        codes = [((*loc, "code"), project.code)]
        for i, item in enumerate(project.subprojects):
            here: Loc = (*loc, "subprojects", i, "code")
            codes.append((here, item.code))
            rest = item.code.removeprefix(project.code)
            if rest == item.code or not rest or rest[0].isalnum():
                what = f"mã tiểu dự án “{item.code}” không bắt đầu bằng mã dự án “{project.code}”"
                findings.append(Finding(here, what, f"ghi chẳng hạn {project.code}-TDA{i + 1}"))
        for here, code in codes:
            if seen.setdefault(code, here) != here:
                what = f"mã “{code}” đã dùng cho mục khác"
                findings.append(Finding(here, what, "mỗi dự án, tiểu dự án một mã riêng"))
        if project.subprojects:
            own = [key for key in ("capital_types", "split") if getattr(project, key)]
            findings += [
                Finding(
                    (*loc, key),
                    f"dự án “{project.code}” đã có tiểu dự án nên không ghi {key} ở cấp dự án",
                    f"chuyển {key} xuống từng tiểu dự án",
                )
                for key in own
            ]
    for part in parts_of(projects):
        findings += _check_part(part, capital, given)
    return findings


def _check_part(part: Part, capital: Capital | None, given: Given | None) -> list[Finding]:
    findings = []
    item, loc = part.item, part.loc
    gifts = given.amounts if given else {}
    funded = bool(item.split) or any(code == item.code for code, _ in gifts)
    if not item.capital_types:
        todo = "thêm dòng “capital_types: [ĐTPT, SN]”"
        findings.append(Finding(loc, "thiếu khóa “capital_types”", todo))
    for i, name in enumerate(item.capital_types):
        here: Loc = (*loc, "capital_types", i)
        if capital and name not in capital.types:
            what = f"loại vốn “{name}” không có trong capital → types"
            findings.append(Finding(here, what, suggestion(name, capital.types)))
        if name in item.capital_types[:i]:
            findings.append(Finding(here, f"loại vốn “{name}” ghi hai lần", "xóa bớt một"))
        if given and funded and name not in item.split and (item.code, name) not in gifts:
            what = f"loại vốn “{name}” có trong capital_types nhưng chưa có trong split"
            todo = f"thêm {name} vào split (weight hoặc amount), hoặc bỏ khỏi capital_types"
            findings.append(Finding(here, what, todo))
    for name in item.split if item.capital_types else ():
        if name not in item.capital_types:
            what = f"loại vốn “{name}” không có trong capital_types của “{item.code}”"
            findings.append(
                Finding((*loc, "split", name), what, suggestion(name, item.capital_types))
            )
    return findings


def check_split(
    capital: Capital, parts: Sequence[Part], source: Source, given: Given | None
) -> list[Finding]:
    """Return where a capital type's money and its lines do not meet.

    Without `given` (the rules cannot be read) nothing is said of a rest that they may take.
    """
    findings = []
    gifts = given.amounts if given else {}
    for name, label in capital.types.items():
        total = sum(item.amount for item in capital.funding if item.type == name)
        splits = [found for part in parts for found in part.splits(name)]
        fixed = [(loc, split.amount) for loc, split in splits if split.amount is not None]
        weighted = [(loc, split.weight) for loc, split in splits if split.weight is not None]
        gift = sum(amount for (_, kind), amount in gifts.items() if kind == name)
        known = sum(amount for _, amount in fixed) + gift
        loose = given.loose.get(name, 0) if given else total
        told = "các khoản cố định (amount)"
        if gift:
            told += " và các khoản vốn của bộ quy tắc (pots)"
        money = f"{label} ({name}) có {written(total)}"
        if total and not any(name in part.item.capital_types for part in parts):
            todo = f"thêm {name} vào capital_types và split của một dòng, hoặc bỏ dòng vốn này"
            what = f"{money} nhưng không dự án nào được bố trí loại vốn này"
            findings.append(Finding(("capital", "types", name), what, todo))
        elif known > total and fixed:
            loc, _ = max(fixed, key=lambda found: found[1])
            what = (
                f"{told} của {label} ({name}) cộng lại là {written(known)}, "
                f"vượt {written(known - total)} so với {written(total)} được giao"
            )
            todo = "giảm các khoản amount, hoặc tăng vốn ở capital → funding"
            findings.append(Finding((*loc, "amount"), what, todo))
        elif known + loose < total and not any(weight for _, weight in weighted):
            what = (
                f"{money}, {told} mới là {written(known)}; còn "
                f"{written(total - known)} mà không dòng nào có weight lớn hơn 0 để nhận"
            )
            todo = "ghi weight cho ít nhất một dòng, hoặc tăng các khoản amount cho đủ"
            findings.append(Finding(("capital", "types", name), what, todo))
        elif known == total and any(weight for _, weight in weighted):
            loc = next(loc for loc, weight in weighted if weight)
            what = f"{money}, {told} đã dùng hết, nên không còn vốn để chia theo weight"
            todo = "ghi “amount: 0 đồng” thay cho weight, hoặc giảm các khoản amount"
            findings.append(Finding((*loc, "weight"), what, todo))
        findings += _two_readings(name, [loc for loc, _ in weighted], source)
    return findings


def _two_readings(name: str, locs: Sequence[Loc], source: Source) -> list[Finding]:
    """Return the weights whose point may be a thousands sign, where that changes proportions.

    Where every weight of a type is written so (803.895, 68.984), both readings share alike.
    """
    raw = {(*loc, "weight"): source.get((*loc, "weight")) for loc in locs}
    doubtful = {
        loc: str(value)
        for loc, value in raw.items()
        if isinstance(value, Decimal) and value.as_tuple().exponent == -3 and abs(value) >= 1
    }
    if len(doubtful) in (0, len(raw)):
        return []
    return [
        Finding(
            loc,
            f"weight {value} có hai cách đọc (dấu chấm ngăn hàng nghìn hay phần lẻ) khi các dòng "
            f"khác của loại vốn {name} ghi không có dấu chấm như vậy",
            f'ghi {value.replace(".", "")} hoặc "{value.replace(".", ",")}"',
        )
        for loc, value in doubtful.items()
    ]


def check_targets(targets: Sequence[tuple[int, Target]], complete: bool) -> list[Finding]:
    """Return targets given twice, and the province's if a complete list has none for its rate."""
    findings = []
    seen: dict[str, int] = {}
    for place, target in targets:
        key = match_key(target.area)
        if key in seen:
            what = f"“{target.area}” đã có mục tiêu ở mục {seen[key] + 1}"
            findings.append(Finding(("targets", place, "area"), what, "giữ một dòng, xóa dòng kia"))
        seen.setdefault(key, place)
        if key == "province" and target.cut is None:
            what = "mục tiêu của toàn tỉnh chưa có mức giảm tỷ lệ hộ nghèo (cut)"
            findings.append(Finding(("targets", place), what, 'thêm cut: "1,0–1,5"'))
    if complete and "province" not in seen:
        todo = 'thêm dòng “- {area: province, cut: "1,0–1,5", status: unverified}”'
        what = "chưa có mục tiêu của toàn tỉnh (area: province)"
        findings.append(Finding(("targets",), what, todo))
    return findings


def check_progress(progress: Progress, year: int) -> list[Finding]:
    """Return the days that are not the plan year's, and a pace that ends short of the whole."""
    findings = []
    todo = f"ghi một ngày trong năm {year}"
    if progress.as_of and progress.as_of.year != year:
        what = f"ngày chốt số liệu {progress.as_of} không thuộc năm kế hoạch {year}"
        todo_blank = f'{todo}, hoặc "" để lấy số liệu mới nhất'
        findings.append(Finding(("progress", "as_of"), what, todo_blank))
    for point in progress.pace:
        loc: Loc = ("progress", "pace", point.day.isoformat())
        if point.day.year != year:
            what = f"ngày {point.day} của nhịp độ không thuộc năm kế hoạch {year}"
            findings.append(Finding(loc, what, todo))
        elif point.day == date(year, 12, 31) and point.percent != 100:
            what = f"đến hết năm {year} phải đạt 100%"
            findings.append(Finding(loc, what, "ghi 100, hoặc bỏ ngày này"))
    return findings


def check_texts(text: PlanText, projects: Sequence[tuple[int, Project]]) -> list[Finding]:
    """Return the texts of projects that the plan does not have."""
    codes = {project.code for _, project in projects}
    codes |= {item.code for _, project in projects for item in project.subprojects}
    return [
        Finding(
            ("plan_text", "projects", code),
            f"kế hoạch không có dự án, tiểu dự án “{code}”",
            suggestion(code, sorted(codes)),
        )
        for code in text.projects
        if code not in codes
    ]
