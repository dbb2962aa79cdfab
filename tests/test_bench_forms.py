"""What `make bench` says of the documents' forms."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.benchmarks.forms import bench_forms
from helpers.errors import HelpersError
from helpers.runner import manifest


def _reports(root: Path, *names: str) -> None:
    """Write executed notebooks of documents, and the manifest that names them."""
    target = root / "reports" / "kế-hoạch"
    for name in names:
        path = target / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [new_markdown_cell("# Tên\n\nVốn là 5 tỷ đồng.")]
        nbformat.write(new_notebook(cells=cells), path)
    jobs = [{"name": name, "renders": {f"{name}.html": []}} for name in names]
    content = {"schema": manifest.SCHEMA, "jobs": [*jobs, {"name": "01-phân-tích", "renders": {}}]}
    (target / manifest.MANIFEST).write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.slow
def test_each_document_of_the_province_and_one_district_are_timed(tmp_path: Path) -> None:
    """Four forms of each document, the goals beside them; of many districts the first."""
    _reports(tmp_path, "provincial-brief", "districts/ky-son", "districts/vinh")
    province, district = bench_forms(tmp_path, "kế-hoạch")
    assert province.startswith("Xuất provincial-brief, cả bốn dạng:")
    assert district.startswith("Xuất districts/ky-son, HTML và PDF:")
    for line, goal in ((province, "1,000 s"), (district, "0,150 s")):
        assert f"(mục tiêu {goal}" in line
        times = dict(re.findall(r"(html|pdf|word|excel) (\d+,\d{3}) s", line))
        assert set(times) == {"html", "pdf", "word", "excel"}
        assert float(times["pdf"].replace(",", ".")) > 0


def test_without_reports_there_is_nothing_to_time(tmp_path: Path) -> None:
    """Documents that were never run are not measured, and what to do is said."""
    with pytest.raises(HelpersError, match="chạy make trước"):
        list(bench_forms(tmp_path, "kế-hoạch"))
