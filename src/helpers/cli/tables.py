"""The commands about tables: workbook, review forms, household register, schemas, trace."""

from __future__ import annotations

from pathlib import Path

from helpers.cli.options import REFUSED, Options, UsageError, number, plan_file
from helpers.legible import clean_lines
from helpers.paths import relative

__all__ = ["forms", "register", "review", "schema", "trace", "workbook"]

SAMPLE_ROWS = 100_000


def workbook(root: Path, options: Options) -> int:
    """Write the plan's data as one Excel workbook."""
    from helpers.data.workbook import write_workbook
    from helpers.jobs import data_source

    plan = plan_file(root, options)
    source = data_source(plan)
    if source is None or source.suffix:
        raise UsageError(f"kế hoạch {relative(plan)} không dùng thư mục số liệu .csv để chuyển")
    path = source.with_name(f"{source.name}.xlsx")
    if path.exists():
        raise UsageError(f"đã có {relative(path)}; đổi tên hoặc xóa tệp đó trước")
    write_workbook(source, path)
    print(f"Đã ghi {relative(path)}, mỗi bảng một trang tính; nguồn và tính chất của số liệu ở")
    print(f"{relative(path.with_suffix('.meta.yml'))}. Để dùng: đặt “data: {relative(path)}”")
    print(f"trong {relative(plan)}.")
    return 0


def forms(root: Path, options: Options) -> int:
    """Write the empty review forms; with --filled the summary, with --tidy all returns as CSV."""
    from helpers.collect import write_blank_forms, write_summary_forms, write_tidy_forms

    plan = plan_file(root, options)
    year = number(options, "--year", 0, "năm") or None
    if "--filled" in options.values:
        path = write_summary_forms(plan, year)
        print(f"Đã ghi {relative(path)}: biểu tổng hợp toàn tỉnh từ các biểu đã nộp.")
        return 0
    if "--tidy" in options.values:
        tidy = write_tidy_forms(plan)
        print(f"Đã ghi {len(tidy)} bảng gọn (.csv) trong {relative(tidy[0].parent)}/,")
        print("mỗi biểu đã nộp một bảng, sai sót đã biết thay bằng số đúng.")
        return 0
    paths = write_blank_forms(plan, year, options.values.get("--district", ""))
    print(f"Đã ghi {len(paths)} tệp biểu trống trong {relative(paths[0].parent)}/, mỗi huyện một")
    print("tệp. Huyện điền xong, chép các tệp vào thư mục review/ của số liệu, chạy make review.")
    return 0


def review(root: Path, options: Options) -> int:
    """Check the returned forms; exit 2 where anything disagrees."""
    from helpers.collect import check_returns

    found = check_returns(plan_file(root, options))
    for line in found.lines:
        print(clean_lines(line))
    return 0 if found.agrees else REFUSED


def register(root: Path, options: Options) -> int:
    """Write a made-up household register."""
    from helpers.collect import make_register
    from helpers.words import count

    rows = number(options, "--rows", SAMPLE_ROWS, "hộ")
    path = make_register(plan_file(root, options), rows)
    print(f"Đã ghi {relative(path)}: danh sách {count(rows)} hộ GIẢ ĐỊNH để dùng thử.")
    print("Chạy make để xem kết quả; xóa tệp này và tệp .meta.yml của nó khi có danh sách thật.")
    return 0


def trace(root: Path, options: Options) -> int:
    """Say where a number that a brief prints comes from; exit 2 where that cannot be told."""
    from helpers.runner import manifest
    from helpers.trace.report import trace as lines

    target = root / "reports" / plan_file(root, options).stem
    every = "--all" in options.values
    for line in lines(target, manifest.read(target), options.rest, every=every):
        print(clean_lines(line))
    return 0


def schema(root: Path, _: Options) -> int:
    """Write the JSON Schemas of the rule files."""
    from helpers.plan.rules.schema import SCHEMAS, schema_text

    for name, make in SCHEMAS.items():
        path = root / "params" / "rules" / name
        path.write_text(schema_text(make()), encoding="utf-8", newline="\n")
        print(f"Đã ghi {relative(path)}")
    return 0
