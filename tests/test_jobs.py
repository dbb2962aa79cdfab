"""Which notebooks are run for a plan, with what, and in which order."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from helpers.cli import run_here
from helpers.errors import InputRefused
from helpers.jobs import inputs, make_build
from helpers.runner import Job, graph
from helpers.runner.declared import Declared, declared
from helpers.trace.written import tables_behind

ROOT = Path(__file__).parents[1]
PLAN = ROOT / "params" / "nghe-an-2024.yaml"


def _notebook(path: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    return path


def _jobs(*notebooks: Path) -> list[Job]:
    said = [(path, declared(path)) for path in notebooks]
    return [
        Job(path.stem, path, {}, path.stem, reads=told.reads, publishes=told.publishes)
        for path, told in said
    ]


def test_a_notebook_declares_by_what_is_written_in_it(tmp_path: Path) -> None:
    """Calls with plain names, the list of reads, and texts that name a file are declarations."""
    data = tmp_path / "thêm.csv"
    data.write_text("a\n", encoding="utf-8")
    path = _notebook(
        tmp_path / "1.ipynb",
        "import helpers.words\nfrom helpers import allocate",
        'desk.publish("b", f(desk.table("a")))\n%matplotlib inline\ndesk.table(name)',
        'open_brief(plan, reads="""\n c d\n """)\npd.read_csv("thêm.csv")\n"không có.csv"',
        "đây không phải Python",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELPERS_ROOT", str(tmp_path))
        told = declared(path)
    assert told == Declared(
        reads=("a", "c", "d"),
        publishes=("b",),
        files=(data,),
        imports=("helpers.words", "helpers", "helpers.allocate"),
    )


@pytest.mark.parametrize(
    "name", ["provincial-brief", "provincial-plan", "district-brief", "commune-sheet"]
)
def test_a_brief_declares_all_that_its_code_may_read(name: str) -> None:
    """The list of reads is what the functions that its cells call can read, whatever the data."""
    path = ROOT / "notebooks" / "briefs" / f"{name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    may = {table for source in code for table in tables_behind(source)}
    assert set(declared(path).reads) == may


def test_a_reader_waits_for_its_writer(tmp_path: Path) -> None:
    """A notebook starts after those that publish what it reads; the others start at once."""
    last = _notebook(tmp_path / "1.ipynb", 'desk.table("b")')
    middle = _notebook(tmp_path / "2.ipynb", 'desk.publish("b", f(desk.table("a")))')
    first = _notebook(tmp_path / "3.ipynb", 'desk.publish("a", x)', "%matplotlib inline")
    alone = _notebook(tmp_path / "4.ipynb", "1 + 1")
    waiting = graph.Waiting(_jobs(last, middle, first, alone))
    started = []
    while ready := waiting.ready():
        started.append(ready)
        for name in ready:
            waiting.done(name)
    assert started == [["3", "4"], ["2"], ["1"]]


def test_notebooks_that_wait_for_each_other_are_refused(tmp_path: Path) -> None:
    """A circle is named, not waited for; so are an unknown table and one with two makers."""
    one = _notebook(tmp_path / "1.ipynb", 'desk.publish("aaaa", desk.table("b"))')
    two = _notebook(tmp_path / "2.ipynb", 'desk.publish("b", desk.table("aaaa"))')
    (problem,) = graph.problems(_jobs(one, two))
    assert "1.ipynb" in str(problem)
    assert "2.ipynb" in str(problem)
    more = _notebook(tmp_path / "3.ipynb", 'desk.publish("aaaa", x)', 'desk.table("aaa")')
    said = "\n".join(map(str, graph.problems(_jobs(one, more))))
    assert "bảng “aaaa” đã do" in said
    assert "không sổ phân tích nào công bố bảng “b”" in said
    assert "không sổ phân tích nào công bố bảng “aaa” → có phải là “aaaa”?" in said


def test_every_district_gets_its_briefs() -> None:
    """The shipped plan makes the plan, one provincial and 21 district briefs, each in its forms."""
    build = make_build(PLAN)
    files = [path for job in build.jobs for _, path in job.renders]
    forms = Counter(Path(path).suffix for path in files)
    assert forms == {".html": 23, ".pdf": 23, ".docx": 23, ".xlsx": 22}
    assert {"provincial-plan.xlsx", "provincial-brief.pdf", "districts/ky-son.pdf"} <= set(files)
    assert {job.parameters["plan"] for job in build.jobs} == {"params/nghe-an-2024.yaml"}
    needs = graph.needs(build.jobs)
    analyses = {job.name for job in build.jobs if not job.renders}
    assert len(analyses) == 8
    for job in build.jobs:
        assert needs[job.name] <= analyses
        assert (job.files == (PLAN,)) == (job.name not in analyses)
        assert job.name in analyses or {"02-budget-allocation"} <= needs[job.name]


def test_what_decides_the_result_is_an_input() -> None:
    """Plan, data with sidecars, notebooks, code, templates, fonts and pins all count."""
    found = {path.relative_to(ROOT).as_posix() for path in inputs(PLAN)}
    assert {
        "params/nghe-an-2024.yaml",
        "params/rules/nghe-an-2024.yaml",
        "data/nghe-an-2024/poverty.csv",
        "data/nghe-an-2024/poverty.meta.yml",
        "notebooks/02-budget-allocation.ipynb",
        "notebooks/briefs/district-brief.ipynb",
        "src/helpers/money.py",
        "src/helpers/brief/templates/index.html.j2",
        "src/helpers/brief/fonts/Tinos-Regular.ttf",
        "requirements/build.txt",
    } <= found
    assert not [path for path in found if "__pycache__" in path or path.startswith("reports")]


def test_problems_of_plan_and_data_come_together(tmp_path: Path) -> None:
    """A plan with an error and data with an error are refused at once, both named."""
    data = tmp_path / "data"
    data.mkdir()
    text = PLAN.read_text(encoding="utf-8").replace("year: 2024", "year: 24", 1)
    plan = tmp_path / "plan.yaml"
    plan.write_text(text.replace("data/nghe-an-2024", str(data)), encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        make_build(plan)
    said = str(caught.value)
    assert "năm" in said
    assert "districts.csv" in said


def test_plan_and_data_must_fit_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A year without rules or data, money without a district, an overdraft: nothing is run."""
    for folder in ("data", "params"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    plan = tmp_path / "params" / "nghe-an-2024.yaml"
    text = PLAN.read_text(encoding="utf-8")
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    plan.write_text(text.replace("year: 2024", "year: 2026"), encoding="utf-8")
    assert run_here(["build"]) == 2
    said = capsys.readouterr().out
    assert "params/rules/nghe-an-2024.yaml, dòng" in said
    assert "khóa valid" in said
    for rules in (tmp_path / "params" / "rules").glob("nghe-an-2024*.yaml"):
        written = rules.read_text(encoding="utf-8")
        rules.write_text(written.replace("to: 2024-12-31", "to: 2026-12-31"), encoding="utf-8")
    assert run_here(["build"]) == 2
    said = capsys.readouterr().out
    assert "data/nghe-an-2024/poverty.csv: kế hoạch năm 2026 cần số hộ nghèo cuối năm 2025" in said
    districts = tmp_path / "data" / "nghe-an-2024" / "districts.csv"
    districts.write_text(
        districts.read_text(encoding="utf-8-sig").replace(",yes,", ",no,"), encoding="utf-8"
    )
    plan.write_text(text, encoding="utf-8")
    assert run_here(["build"]) == 2
    said = capsys.readouterr().out
    assert "params/rules/nghe-an-2024.yaml, quy tắc DA5: không có đơn vị nào thuộc diện" in said
    shutil.copy(ROOT / "data" / "nghe-an-2024" / "districts.csv", districts)
    movements = tmp_path / "data" / "nghe-an-2024" / "movements.csv"
    moved = movements.read_text(encoding="utf-8-sig").replace("800 triệu", "80.000 triệu")
    movements.write_text(moved, encoding="utf-8")
    assert run_here(["build"]) == 2
    said = capsys.readouterr().out
    assert "data/nghe-an-2024/movements.csv, dòng 5: Quỳ Châu, DA5 (NSTW, SN, vốn năm 2024)" in said
    assert "không đủ để điều chuyển 80.000 triệu" in said
    assert not (tmp_path / "reports" / "nghe-an-2024").exists()


def test_the_data_can_become_a_workbook_and_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The workbook command writes what the plan then reads instead of CSV, and never overwrites."""
    for folder in ("data", "params"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    plan = tmp_path / "params" / "nghe-an-2024.yaml"
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    assert run_here(["workbook"]) == 0
    assert "data/nghe-an-2024.xlsx" in capsys.readouterr().out
    assert run_here(["workbook"]) == 2
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("data/nghe-an-2024\n", "data/nghe-an-2024.xlsx\n"), "utf-8")
    named = {path.name for path in inputs(plan)}
    assert {"nghe-an-2024.xlsx", "nghe-an-2024.meta.yml"} <= named
    assert make_build(plan).name == "nghe-an-2024"
