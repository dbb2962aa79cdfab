"""Measure the review forms: a province's workbooks written, read back and checked."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from helpers.data.reading import read_data
from helpers.data.review.checks.disagreements import check_review
from helpers.data.review.folder import SIDECAR
from helpers.data.review.reading import forms_of, read_review, review_folder, territory_of
from helpers.data.review.writing.book import write_forms
from helpers.paths import project_root
from helpers.plan.loading import load_plan
from helpers.plan.standards import load_standards
from helpers.words import count

__all__ = ["bench_review"]


def bench_review(plan_path: Path) -> Iterator[str]:
    """Yield what it takes to read and check the last year's forms, one workbook a district."""
    plan = load_plan(plan_path)
    data = read_data(project_root() / plan.data)
    if data.review.empty or data.review.sidecar is None:
        yield "Biểu rà soát: kế hoạch không có biểu nào để đo."
        return
    standards, year = load_standards(), data.review.years[-1]
    forms = forms_of(standards, data.review.sidecar.ethnicities)(year)
    territory = territory_of(data.districts, data.communes, data.former_communes)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "review"
        start = time.perf_counter()
        for code in data.district_names:
            write_forms(
                place / f"{code}.xlsx",
                forms,
                territory,
                year=year,
                province=plan.province.name,
                districts=[code],
                review=data.review,
            )
        written = time.perf_counter() - start
        shutil.copy(review_folder(project_root() / plan.data) / SIDECAR, place)
        start = time.perf_counter()
        review = read_review(place, territory, standards)
        read = time.perf_counter() - start
        checks = check_review(review)
        checked = time.perf_counter() - start - read
    books, communes = count(len(data.district_names)), count(len(data.communes))
    yield f"Ghi {books} tệp Excel, {communes} xã × {len(forms)} biểu:   {_seconds(written)}"
    yield (
        f"Đọc {_seconds(read)}, kiểm tra {_seconds(checked)} "
        f"({count(len(checks))} chỗ cần xem)   (mục tiêu: cả hai dưới 5 s)"
    )


def _seconds(value: float) -> str:
    return f"{value:.2f} s".replace(".", ",")
