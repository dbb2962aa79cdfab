"""What was found, line by line, in words for a planner and an auditor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from helpers import words
from helpers.data.published import Published
from helpers.text import listing
from helpers.trace.matches import Answer, Found, Pair, Sum
from helpers.trace.numbers import Number
from helpers.trace.origins import InputFile, Reports
from helpers.trace.places import Place

__all__ = ["file_lines", "place_lines", "table_lines"]

ALIKE = 3
LONG = 240
HASH = 12

NAMED: Mapping[str, Sequence[str]] = {
    "line": ("short",),
    "code": ("short",),
    "order": ("label", "name", "subject", "district", "document", "unit"),
}
"""The columns that say in words what a part of a key is."""

PARAMETERS: Mapping[str, str] = {
    "params/rules/": "quy tắc phân bổ; căn cứ và độ tin cậy: tables/rules_in_force.csv",
    "params/standards/": "chuẩn nghèo; căn cứ ghi ngay trong tệp",
    "params/": "tham số do kế hoạch quyết định; độ tin cậy: tables/parameter_status.csv",
}

STATES: Mapping[str, str] = {
    "same": "nguyên như khi dựng",
    "changed": "ĐÃ ĐỔI sau lần dựng: số in trên bản tóm tắt là theo tệp cũ",
    "gone": "KHÔNG CÒN ở chỗ cũ",
    "unknown": "bản kê của lần dựng không ghi tệp này",
}


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1].rstrip()}…"


def _heads(place: Place) -> Iterator[str]:
    """Yield in which row and column of a table, or in which sentence, the number stands."""
    if place.cell is None:
        yield f"Nguyên văn: “{_short(place.text)}”"
        return
    cell = place.cell
    names = [text for text in cell.row[1:] if not _is_number(text)]
    row = " – ".join(filter(None, (cell.row[0], *names[:1])))
    above = f" (thuộc “{cell.above}”)" if cell.above else ""
    total = ", dòng tổng" if cell.level == "total" else ""
    yield f"Dòng: {_short(row)}{above}{total}"
    yield f"Cột: {' › '.join(cell.heads)}"
    if not cell.exact:
        yield f"Nguyên văn ô: “{_short(place.text)}”"


def _is_number(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


def exact_words(value: Any, kind: str) -> str:
    """Return a published value in full, with its unit."""
    if isinstance(value, str):
        return f"“{_short(value)}”"
    said = words.decimal(value, _decimals(value))
    return {"money": f"{said} đồng", "rate": f"{said}%", "points": f"{said} điểm phần trăm"}.get(
        kind, said
    )


def _decimals(value: Any) -> int:
    if isinstance(value, Decimal):
        return max(0, -int(value.as_tuple().exponent))
    return 0


def _how(found: Found, number: Number, kind: str) -> str:
    """Say the published value, and how the printed number follows from it."""
    value = exact_words(found.value, kind)
    if found.inside:
        return f"{value} (số nằm trong lời ghi ở ô này)"
    unit = {10**9: " tỷ đồng", 10**6: " triệu đồng", 1000: " nghìn đồng"}.get(number.scale, "")
    printed = f"{_grouped(number.sign + number.digits)}{unit}" if unit else number.text
    bare = " (bản in không ghi dấu)" if found.value < 0 and number.sign != "-" else ""
    if not found.exact:
        return f"{value}, in làm tròn thành {printed}{bare}"
    if unit:
        return f"{value}, bằng đúng {printed}{bare}"
    return f"{value}, in đúng như vậy{bare}"


def _grouped(digits: str) -> str:
    whole, comma, part = digits.partition(",")
    sign = whole[0] if whole[0] in "+-" else ""
    return f"{sign}{int(whole.lstrip('+-')):,}".replace(",", ".") + comma + part


def _row_words(table: Published, row: int) -> str:
    """Return a row's key in words, and on which row it stands when opened in Excel."""
    record = table.frame.iloc[row].to_dict()
    said = []
    for column in table.spec.key:
        field = table.spec.field(column)
        value = record[column]
        if field is None or value in ("", None):
            continue
        named = record.get(column.removesuffix("_code")) if column.endswith("_code") else None
        extra = named or next((record[k] for k in NAMED.get(column, ()) if record.get(k)), None)
        more = f" ({extra})" if extra and extra != value else ""
        said.append(f"{field.label} {value}{more}")
    return f"{'; '.join(said)} [hàng {row + 2} của tệp]"


def _found_lines(found: Found, number: Number) -> Iterator[str]:
    field = found.table.spec.field(found.column)
    label, kind = (field.label, field.kind) if field else (found.column, "text")
    yield f"tables/{found.table.name}.csv, cột {found.column} ({label})"
    yield f"  dòng: {_row_words(found.table, found.row)}"
    yield f"  giá trị: {_how(found, number, kind)}"


def _sum_lines(total: Sum) -> Iterator[str]:
    field = total.table.spec.field(total.column)
    label, kind = (field.label, field.kind) if field else (total.column, "text")
    conditions = []
    for column, value in total.where:
        named = total.table.spec.field(column)
        conditions.append(f"{named.label if named else column} là {value}")
    which = f"có {listing(conditions)}" if conditions else "không kể dòng tổng"
    yield f"tables/{total.table.name}.csv, cột {total.column} ({label}): {total.rows} dòng {which}"
    yield f"  cộng lại đúng bằng {exact_words(total.value, kind)}"


def _pair_lines(pair: Pair) -> Iterator[str]:
    record = pair.table.frame.iloc[pair.row]
    said = []
    for column in pair.columns:
        field = pair.table.spec.field(column)
        label, kind = (field.label, field.kind) if field else (column, "text")
        said.append(f"cột {column} ({label}) {exact_words(record[column], kind)}")
    yield f"tables/{pair.table.name}.csv, {f' {pair.sign} '.join(said)}"
    yield f"  dòng: {_row_words(pair.table, pair.row)}"


def _rests_on(place: Place) -> str:
    names = listing(f"tables/{name}.csv" for name in place.tables)
    if place.named:
        return f"Dòng nguồn ghi dưới bảng, hình: {names}."
    return f"Phần này được viết từ: {names}."


def place_lines(number: int, place: Place, answer: Answer) -> Iterator[str]:
    """Yield where a number is printed and what stands behind it there."""
    section = f" [{place.section}]" if place.section else ""
    alone = ", chỉ có trong tệp Excel" if place.only_excel else ""
    yield f"{number}. {place.what}{section}{alone}: in là “{place.number.text}”"
    for line in _heads(place):
        yield f"   {line}"
    if place.typed:
        yield "   Số này viết tay trong sổ của bản tóm tắt, không lấy từ bảng công bố nào."
        return
    if not place.tables:
        yield "   Không rõ phần này lấy từ bảng nào: không có dòng nguồn và không đọc ra từ sổ."
        return
    yield from (f"   {line}" for line in _answer_lines(place, answer))


def _answer_lines(place: Place, answer: Answer) -> Iterator[str]:
    if answer.found:
        if answer.is_certain:
            yield "Ô công bố:"
        else:
            yield f"Có {len(answer.found)} ô công bố cùng giá trị và cùng khớp với chỗ in này:"
        for found in answer.found:
            yield from (f"  {line}" for line in _found_lines(found, place.number))
        return
    yield "Các bảng đứng sau chỗ này không có ô nào khớp: số được tính, hoặc ghi sẵn trong lời."
    yield _rests_on(place)
    if answer.sums:
        yield "Phép cộng cho đúng số này:"
        for total in answer.sums:
            yield from (f"  {line}" for line in _sum_lines(total))
        return
    if answer.pairs:
        yield "Hai cột của cùng một dòng cho đúng số này:"
        for pair in answer.pairs[:ALIKE]:
            yield from (f"  {line}" for line in _pair_lines(pair))
        return
    if answer.alike:
        more = f", nêu {ALIKE}" if len(answer.alike) > ALIKE else ""
        yield f"Có {len(answer.alike)} ô cùng số nhưng khác dòng, cột, có thể chỉ trùng{more}:"
        for found in answer.alike[:ALIKE]:
            yield from (f"  {line}" for line in _found_lines(found, place.number))


def table_lines(reports: Reports, name: str, numbers: Mapping[str, int]) -> Iterator[str]:
    """Yield a table's title, its analysis, and the numbers of the files behind it."""
    table = reports.table(name)
    if table is None:
        yield f"tables/{name}.csv: không còn, hoặc không đọc được nữa; chạy make để dựng lại."
        return
    yield f"tables/{name}.csv: {table.title}"
    if not reports.is_as_built(f"tables/{name}.csv"):
        yield "  CHÚ Ý: bảng này ĐÃ BỊ SỬA sau lần dựng."
    analysis = reports.analysis(name)
    if analysis:
        yield f"  Sổ tính: {analysis.notebook} ({analysis.label})"
    before = reports.tables_before(name)
    if before:
        yield f"  Lập từ các bảng: {listing(f'tables/{other}.csv' for other in before)}"
    files = sorted(numbers[path] for path in reports.inputs(name))
    yield f"  Tệp số liệu: {_spans(files)}" if files else "  Không ghi tệp số liệu nào."


def _spans(numbers: Sequence[int]) -> str:
    """Return numbers in order, runs of them in short ("[1]–[3], [7]")."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = (f"[{r[0]}]" if len(r) == 1 else f"[{r[0]}]–[{r[-1]}]" for r in runs)
    return ", ".join(said)


def file_lines(number: int, file: InputFile, same_as: int | None) -> Iterator[str]:
    """Yield a file behind the tables: digest, whether it is as it was, source, date and status."""
    sha256 = f"SHA-256 {file.sha256[:HASH]}…, " if file.sha256 else ""
    yield f"[{number}] {file.path} ({sha256}{STATES[file.state]})"
    if same_as is not None:
        yield f"    cùng nguồn, ngày và tính chất như tệp [{same_as}]"
        return
    for note in file.notes:
        status = f"{note.status_name}{', nguồn thứ cấp chưa đối chiếu' * note.secondary}"
        yield f"    {status}; ngày {words.day_words(note.date)}; nguồn: {_short(note.source)}"
    if not file.notes:
        yield f"    {_unnoted(file.path)}"


def _unnoted(path: str) -> str:
    """Say what a file is that has no sidecar."""
    if path.endswith(".meta.yml"):
        return "mô tả nguồn của các tệp cùng thư mục"
    said = (text for start, text in PARAMETERS.items() if path.startswith(start))
    return next(said, "không có tệp mô tả nguồn (.meta.yml)")


def hints(asked: Number, printed: Iterable[Number]) -> list[str]:
    """Return the printed numbers that look most like one that is not printed."""
    import difflib

    texts = {number.digits: number.text for number in printed}
    near = difflib.get_close_matches(asked.digits, texts, n=4, cutoff=0.7)
    values = sorted(texts, key=lambda d: abs(float(d.replace(",", ".")) - float(abs(asked.value))))
    return [texts[digits] for digits in dict.fromkeys([*near, *values[:2]])]
