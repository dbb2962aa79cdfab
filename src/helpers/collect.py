"""What a province sends out to its districts and gets back: review forms, and a sample register."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.data.findings import DISAGREES
from helpers.errors import InputRefused, Problem
from helpers.paths import project_root, relative
from helpers.text import listing, slug
from helpers.words import count

if TYPE_CHECKING:
    from helpers.data.dataset import DataSet
    from helpers.data.review.forms import Form
    from helpers.plan.model import Plan

__all__ = [
    "Returns",
    "check_returns",
    "make_register",
    "write_blank_forms",
    "write_summary_forms",
    "write_tidy_forms",
]

ETHNICITIES = ("Kinh", "Dân tộc thiểu số")
"""The columns of form 9 where the province does not name its ethnic groups."""

SAMPLE = "register.parquet"
TIDY = "bang-gon"


@dataclass(frozen=True)
class Returns:
    """What was found in the returned forms, in lines for a planner, and whether all agrees."""

    lines: tuple[str, ...]
    agrees: bool


def _opened(plan_path: Path) -> tuple[Plan, DataSet]:
    from helpers.data.reading import read_data
    from helpers.plan.loading import load_plan

    plan = load_plan(plan_path)
    return plan, read_data(project_root() / plan.data)


def _forms(data: DataSet, year: int) -> tuple[Form, ...]:
    from helpers.data.review.reading import forms_of
    from helpers.plan.standards import load_standards

    sidecar = data.review.sidecar
    groups = sidecar.ethnicities if sidecar and sidecar.ethnicities else ETHNICITIES
    return forms_of(load_standards(), groups)(year)


def _forms_folder(plan: Plan) -> Path:
    return project_root() / "reports" / "forms" / plan.id


def _folder(plan: Plan, year: int) -> Path:
    return _forms_folder(plan) / str(year)


def _codes(data: DataSet, district: str) -> Sequence[str]:
    """Return the codes of the districts to write: the named one, or all."""
    from helpers.data.cells import CellRefusedError
    from helpers.data.names import DistrictNames

    if not district:
        return tuple(data.district_names)
    try:
        return (DistrictNames.of(data.districts).find(district)[0],)
    except CellRefusedError as refused:
        raise InputRefused([Problem("--district", refused.what, refused.todo)]) from None


def write_blank_forms(plan_path: Path, year: int | None, district: str) -> tuple[Path, ...]:
    """Write an empty workbook for each district, to send out; return the files.

    A file that is there already and says something else may have been filled in: it stays.

    Raises:
        InputRefused: plan or data cannot be used, there is no such district, or a file there may
            have been filled in; nothing is written then.
    """
    from helpers.data.review.reading import territory_of
    from helpers.data.review.writing.book import write_forms

    plan, data = _opened(plan_path)
    chosen = year or plan.year
    forms = _forms(data, chosen)
    territory = territory_of(data.districts, data.communes, data.former_communes)
    folder = _folder(plan, chosen)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as made:
        written = [
            write_forms(
                Path(made) / f"{slug(data.district_names[code])}.xlsx",
                forms,
                territory,
                year=chosen,
                province=f"{plan.province.kind} {plan.province.name}",
                districts=[code],
            )
            for code in _codes(data, district)
        ]
        targets = [folder / path.name for path in written]
        pairs = list(zip(written, targets, strict=True))
        filled = [to for path, to in pairs if to.exists() and to.read_bytes() != path.read_bytes()]
        if filled:
            what, todo = (
                "tệp này có thể đã được điền",
                "chuyển tệp đi nơi khác, hoặc xóa, rồi chạy lại",
            )
            raise InputRefused(Problem(relative(path), what, todo) for path in filled)
        for path, to in pairs:
            path.replace(to)
    return tuple(targets)


def write_summary_forms(plan_path: Path, year: int | None) -> Path:
    """Write the province's workbook with what the districts returned, to send up; return it.

    Raises:
        InputRefused: plan or data cannot be used, or nobody returned forms of that year.
    """
    from helpers.data.review.reading import territory_of
    from helpers.data.review.writing.book import write_forms

    plan, data = _opened(plan_path)
    years = data.review.years
    chosen = year or (years[-1] if years else plan.year)
    if chosen not in years:
        raise _nothing_returned(plan, data, f"cuối năm {chosen}")
    return write_forms(
        _folder(plan, chosen) / "tong-hop.xlsx",
        _forms(data, chosen),
        territory_of(data.districts, data.communes, data.former_communes),
        year=chosen,
        province=f"{plan.province.kind} {plan.province.name}",
        review=data.review,
    )


def write_tidy_forms(plan_path: Path) -> tuple[Path, ...]:
    """Write what the districts returned, of every year, as one tidy table a form; return them.

    Raises:
        InputRefused: plan or data cannot be used, or nobody returned a form.
    """
    from helpers.data.review.tidy import write_tidy

    plan, data = _opened(plan_path)
    if data.review.empty:
        raise _nothing_returned(plan, data, "nào")
    return write_tidy(data.review, _forms_folder(plan) / TIDY)


def _nothing_returned(plan: Plan, data: DataSet, wanted: str) -> InputRefused:
    from helpers.data.review.reading import review_folder

    years = data.review.years
    has = f" (có {listing(map(str, years))})" if years else ""
    where = relative(review_folder(project_root() / plan.data))
    what = f"chưa có biểu rà soát {wanted}{has}"
    return InputRefused([Problem(where, what, "chép các biểu đã nộp vào thư mục này")])


def check_returns(plan_path: Path) -> Returns:
    """Return what the returned forms hold and every disagreement, gravest first, cell by cell.

    Raises:
        InputRefused: plan, data or forms cannot be read; every problem is in it.
    """
    from helpers.data.review.reading import review_folder
    from helpers.data.review.tables import reconciliation, review_checks

    plan, data = _opened(plan_path)
    review = data.review
    if review.empty:
        folder = relative(review_folder(project_root() / plan.data))
        said = f"Chưa có biểu rà soát nào trong {folder}/ (tệp .xlsx huyện nộp, hoặc bieu-….csv)."
        return Returns((said,), True)
    checks, sources = review_checks(data).frame, reconciliation(data).frame
    lines = [
        f"Đã đọc {len(review.files)} tệp, {len(review.frames)} biểu, "
        f"cuối năm {listing(map(str, review.years))}."
    ]
    wrong = checks[checks["result"] == DISAGREES]
    others = checks.loc[checks["result"] != DISAGREES, "result"].value_counts()
    lines.append(f"Trong các biểu có {count(len(wrong))} chỗ lệch:" if len(wrong) else
                 "Các biểu khớp với nhau.")  # fmt: skip
    lines += [
        f"{number:3}. {where}: {message}"
        for number, (where, message) in enumerate(
            zip(wrong["where"], wrong["message"], strict=True), start=1
        )
    ]
    if len(others):
        said = listing(f"{count(int(number))} {word}" for word, number in others.items())
        lines.append(f"Ngoài ra: {said} (xem tables/review_checks.csv sau khi chạy make).")
    apart = sources[sources["result"] == DISAGREES]
    lines += [
        f"Huyện và sở lệch nhau: {row.district}, {row.indicator.lower()} cuối năm {row.year}: "
        f"huyện {count(int(row.returns))}, sở {count(int(row.department))}."
        for row in apart.itertuples()
    ]
    return Returns(tuple(lines), wrong.empty and apart.empty)


def make_register(plan_path: Path, households: int) -> Path:
    """Write a made-up household register (minh họa) beside the plan's data; return its file.

    Raises:
        InputRefused: plan or data cannot be used, the data are a workbook, or the province has a
            register that is not made up.
    """
    from helpers.data.register.place import SIDECAR_NAME, register_path
    from helpers.data.register.sample import profiles_of, write_sample
    from helpers.data.sidecar import load_sidecar
    from helpers.plan.standards import load_standards, standard_at

    plan, data = _opened(plan_path)
    folder = project_root() / plan.data
    if not folder.is_dir():
        todo = "chuyển sang thư mục tệp .csv"
        raise InputRefused([Problem(plan.data, "số liệu không phải một thư mục", todo)])
    there = register_path(folder)
    own = there and not (
        there.name == SAMPLE and load_sidecar(folder / SIDECAR_NAME).status == "illustrative"
    )
    if there and own:
        what, todo = "đã có danh sách hộ của tỉnh", "không ghi đè; chuyển tệp này đi nơi khác trước"
        raise InputRefused([Problem(relative(there), what, todo)])
    day = datetime.date(plan.year, 12, 31)
    standard = standard_at(load_standards(), day)
    return write_sample(folder / SAMPLE, profiles_of(data), standard, households, day=day)
