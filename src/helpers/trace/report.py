"""The whole answer: from the words that a planner typed to the lines that are printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.brief.exporters import EXCEL, document_from_notebook
from helpers.data.published import SUPPRESSED
from helpers.errors import HelpersError
from helpers.text import listing
from helpers.trace.matches import WHOLE, Answer, answer, reading
from helpers.trace.numbers import Number
from helpers.trace.origins import Reports
from helpers.trace.places import Place, printed_places, withheld_cells
from helpers.trace.question import brief_asked, language_of
from helpers.trace.telling import file_lines, hints, place_lines, table_lines

__all__ = ["NotPrinted", "trace"]

SHOWN = 12
"""So many places are told without being asked for all of them."""


class NotPrinted(HelpersError):
    """The brief does not print the number, or withholds it, or there is no brief at all."""


def _withheld(document: Any, label: str) -> NotPrinted:
    tables = withheld_cells(document, SUPPRESSED)
    if not tables:
        return NotPrinted(f"{label}: không có số nào bị giấu (“{SUPPRESSED}”).")
    lines = [
        f"“{SUPPRESSED}” là số không công bố: số nhỏ, hoặc số mà từ đó suy ra được số nhỏ, nên được"
        " giấu từ trước khi bảng rời sổ tính để bảo vệ thông tin của hộ. Không tra ngược được từ"
        " các bảng công bố.",
        f"{label} giấu số ở:",
        *(f"  {table}" for table in tables),
    ]
    return NotPrinted("\n".join(lines))


def _places(number: Number, printed: Sequence[Place], label: str) -> list[Place]:
    """Return where the number is printed.

    Raises:
        NotPrinted: nowhere; the nearest numbers are named.
    """
    found = [place for place in printed if place.number.is_same(number)]
    if not found:
        bare = Number(number.text, number.digits, number.sign)
        other = [place.number for place in printed if place.number.is_same(bare)]
        near = list(dict.fromkeys(one.text for one in other)) or hints(
            number, (place.number for place in printed)
        )
        said = f" Các số gần giống có in: {listing(near)}." if near else ""
        raise NotPrinted(f"{label} không in số “{number.text}”.{said}")
    return found


def _told(places: Sequence[Place], answers: Sequence[Answer]) -> list[tuple[Place, Answer]]:
    """Return the places, a sentence that prints the number twice once only."""
    seen, kept = set(), []
    for place, found in zip(places, answers, strict=True):
        mark = (place.what, place.section, place.text, place.near, place.cell)
        if mark not in seen:
            seen.add(mark)
            kept.append((place, found))
    return kept


def _home(job: Mapping[str, Any], reports: Reports) -> tuple[str, str]:
    """Return the place that the whole brief speaks of, as tables name it, and what it lies in."""
    code = job["parameters"].get("commune")
    table = reports.table("commune_rates") if code else None
    rows = table.records("unit", "district", unit_code=code) if table else []
    if rows:
        return str(rows[0]["unit"]), str(rows[0]["district"])
    return str(job["parameters"].get("district", WHOLE)), ""


def _english(reports: Reports) -> Mapping[str, str]:
    """Return the English of the names that the plan gives."""
    facts = reports.table("plan_facts")
    rows = facts.records("code", "value", group="english") if facts else []
    return {row["code"]: row["value"] for row in rows}


def trace(
    folder: Path, manifest: Mapping[str, Any], words: Sequence[str], *, every: bool = False
) -> Iterator[str]:
    """Yield the lines that say where a printed number comes from.

    Args:
        folder: The reports of a plan.
        manifest: What its build was made from; empty where there is none.
        words: The brief and the number, as typed.
        every: Whether to tell all places, however many.

    Raises:
        HelpersError: there is no build, no such brief, no such number in it, or it is withheld.
    """
    if not manifest:
        raise NotPrinted(f"kế hoạch {folder.name} chưa có bản dựng nào dùng được; chạy make trước.")
    reports = Reports(folder, manifest)
    job, number = brief_asked(words, reports.briefs)
    place = reports.place(job)
    if not (folder / place).is_file():
        raise NotPrinted(f"thiếu sổ đã chạy {place} của bản dựng; chạy make để dựng lại.")
    notebook = reports.notebook(job)
    label = f"{job['label']} ({listing(job['renders'])})"
    if number.digits == SUPPRESSED:
        raise _withheld(document_from_notebook(notebook, form=EXCEL), label)
    found = _places(number, list(printed_places(notebook)), label)
    home, around = _home(job, reports)
    if around:
        found = [replace(p, far=f"{p.far} {around}") for p in found]
    tables = {t: reports.table(t) for t in sorted({t for p in found for t in p.tables})}
    with reading(language_of(job), _english(reports)):
        answers = [answer(p, [t for n in p.tables if (t := tables[n])], home) for p in found]
    told = _told(found, answers)
    yield f"Số “{number.text}” trong {label}: in ở {len(told)} chỗ."
    if not reports.is_as_built(place):
        yield f"CHÚ Ý: {place} ĐÃ BỊ SỬA sau lần dựng, câu trả lời theo bản đã sửa."
    shown = told if every else told[:SHOWN]
    for at, (one, behind) in enumerate(shown, start=1):
        yield ""
        yield from place_lines(at, one, behind)
    if len(told) > len(shown):
        yield ""
        more = f"Còn {len(told) - len(shown)} chỗ nữa"
        yield f"{more}; thêm --all để xem hết, hoặc ghi đơn vị (%, tỷ, hộ) để thu hẹp."
    yield from _origins(reports, shown)


def _origins(reports: Reports, told: Sequence[tuple[Place, Answer]]) -> Iterator[str]:
    """Yield each table that was named once, with its analysis and the files behind it."""
    names: dict[str, None] = {}
    for place, behind in told:
        cells = behind.found or behind.sums or behind.pairs
        names |= dict.fromkeys([cell.table.name for cell in cells] if cells else place.tables)
    if not names:
        return
    there = [name for name in names if reports.table(name)]
    paths = sorted({path for name in there for path in reports.inputs(name)})
    numbers = {path: at for at, path in enumerate(paths, start=1)}
    yield ""
    yield "BẢNG CÔNG BỐ"
    for name in names:
        yield from table_lines(reports, name, numbers)
    if not paths:
        return
    yield ""
    yield "TỆP SỐ LIỆU VÀ THAM SỐ ĐỨNG SAU"
    told_at: dict[str, int] = {}
    for path in paths:
        file = reports.input_file(path)
        mine = numbers[path]
        first = told_at.setdefault(repr(file.notes), mine) if file.notes else mine
        yield from file_lines(mine, file, first if first < mine else None)
