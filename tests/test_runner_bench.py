"""What `make bench` says is what the processes really took, and what it changes is one cell."""

from __future__ import annotations

import csv
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from runner_toys import job, publishing, run_quietly, shop, toy, write_notebook

from helpers.benchmarks.edits import data_edits, look
from helpers.benchmarks.sheets import publish_units, unit_codes
from helpers.benchmarks.trial import trial_of
from helpers.data.published import published
from helpers.errors import HelpersError
from helpers.paths import ROOT_VARIABLE
from helpers.runner import Job, manifest
from helpers.runner.bench.many import linear, resumed
from helpers.runner.bench.measure import Used, alive, measured, processes
from helpers.runner.bench.stock import Printer, Stock, jobs_of, printer, run_stock
from helpers.runner.bench.trial import Edit, Trial, answer, run_measured
from helpers.runner.bench.whole import Whole, compared, edited, unchanged
from helpers.runner.copies import copy_project
from helpers.runner.records import published_records

ROOT = Path(__file__).parents[1]
PLAN = ROOT / "params" / "nghe-an-2024.yaml"

BURN = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def test_processor_time_counts_whole_families() -> None:
    """A child's child that its parent waits for counts, and so does one that nobody waits for."""
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}])"
    orphan = f"import os\nif not os.fork():\n    os.setsid()\n    exec({BURN!r})"
    for code in (child, orphan):
        with measured() as used:
            _python(code)
        assert 0.3 <= used.processor < 1.5


def test_a_process_that_outlives_the_work_is_told() -> None:
    """What is still running when the work is said to be done is counted, and waited for."""
    with measured() as used:
        _python("import os, time\nif not os.fork():\n    time.sleep(0.5)")
    assert used.left == 1
    assert used.wall < 0.5
    assert not processes(os.getpid())
    with measured() as used:
        _python("pass")
    assert used.left == 0


def test_memory_that_processes_share_counts_once() -> None:
    """Four forks of a process that holds 100 MB hold little more than one."""
    code = (
        "import os, time\nheld = bytearray(b'a') * 100_000_000\n"
        "children = [os.fork() for _ in range(2)]\ntime.sleep(1)\n"
        "0 in children or [os.waitpid(child, 0) for child in children]"
    )
    with measured(memory=True) as used:
        _python(code)
    assert 100e6 < used.memory < 170e6


def test_a_process_that_has_ended_is_not_alive() -> None:
    """A process of which nobody has taken note yet has ended all the same."""
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    deadline = time.monotonic() + 10
    while alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(child.pid)
    assert child.pid in processes(os.getpid())
    child.wait()


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    """The end of what it said is in the error."""
    with pytest.raises(HelpersError, match="hỏng ở đây"):
        run_measured(tmp_path, ["-c", "import sys; print('hỏng ở đây'); sys.exit(3)"])


def test_what_was_left_out_is_reckoned_in() -> None:
    """Three of twenty-two briefs stand for all; the analyses were all run."""
    stock = Stock(Used(20.0, 30.0), Used(6.0, 9.0), done=3, wanted=22)
    assert (stock.wall, stock.processor) == (20 + 44, 30 + 66)
    assert stock.reckoned
    said = compared(Used(8.0, 12.0), stock)
    assert "nhanh gấp 8,0 lần" in said
    assert "ít hơn 8,0 lần" in said
    assert not Stock(Used(1.0), Used(2.0), done=2, wanted=2).reckoned


def test_growth_is_told_for_each_number() -> None:
    """The line has each number's time of one sheet, how far they are apart, and the memory."""
    said = linear([(100, Used(10.0, 18.0, 4 * 10**8)), (200, Used(24.0, 36.0, 5 * 10**8))])
    assert "100 ms; 120 ms (chênh nhau 20 %)" in said
    assert "180 ms; 180 ms (chênh nhau 0 %)" in said
    assert "0,40 GB; 0,50 GB" in said


def test_the_printer_is_what_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """With playwright it is webpdf, else a browser, else there is none, and this is said."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert printer().webpdf
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    assert printer().browser == "/bin/chromium"
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert printer() == Printer("không có PDF vì máy không có trình duyệt Chromium")


def test_an_edit_is_taken_back_whatever_happens(tmp_path: Path) -> None:
    """After the change the file is what it was, even where the work inside has failed."""
    path = tmp_path / "data.csv"
    path.write_bytes(b"1")
    edit = Edit("một ô", "data.csv", lambda content: content + b"2")
    with edit.made(tmp_path):
        assert path.read_bytes() == b"12"
    assert path.read_bytes() == b"1"
    with pytest.raises(IsADirectoryError), edit.made(tmp_path):
        tmp_path.read_bytes()
    assert path.read_bytes() == b"1"


def _cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_each_change_of_the_data_is_one_cell() -> None:
    """The shipped plan has both changes, and each differs from the data in a single cell."""
    edits = list(data_edits(ROOT / "data" / "nghe-an-2024"))
    assert len(edits) == 2
    for edit in edits:
        before = (ROOT / edit.file).read_bytes()
        rows = zip(_cells(before), _cells(edit.change(before)), strict=True)
        cells = [pair for old, new in rows for pair in zip(old, new, strict=True)]
        assert sum(one != other for one, other in cells) == 1


@pytest.mark.parametrize(
    ("amounts", "changed"),
    [(["1.320 triệu"], "1.310 triệu"), (["100", "250"], "240"), (["1.100"], "1.000")],
)
def test_less_is_moved_but_something(tmp_path: Path, amounts: list[str], changed: str) -> None:
    """The amount keeps its form; one that would come to nothing is left for another."""
    lines = "".join(f"điều chuyển,A,{amount},B\n" for amount in ["", *amounts])
    (tmp_path / "movements.csv").write_text(f"kind,unit,amount,to_unit\n{lines}", encoding="utf-8")
    (edit,) = data_edits(tmp_path)
    rows = _cells(edit.change((tmp_path / "movements.csv").read_bytes()))
    assert changed in [row[2] for row in rows]


def test_data_without_such_tables_have_no_changes(tmp_path: Path) -> None:
    """A plan whose data are one workbook, or that moves nothing, is measured without them."""
    assert not list(data_edits(tmp_path / "so-lieu.xlsx"))
    (tmp_path / "movements.csv").write_text("kind,unit,amount,to_unit\n", encoding="utf-8")
    assert not list(data_edits(tmp_path))


def test_the_change_of_the_look_is_one_of_a_template() -> None:
    """It adds a remark to the pages' style, which no notebook reads."""
    edit = look()
    before = (ROOT / edit.file).read_bytes()
    assert edit.change(before).startswith(before)
    assert edit.change(before)[len(before) :].strip() == b"/* */"


def test_made_up_units_are_marked_and_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand units are one published table, marked as made up, and the same every time."""
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    publish_units(1000)
    first = (tmp_path / "tables" / "commune_rates.csv").read_bytes()
    table = published("commune_rates", "phieu-xa")
    assert table.marks == ("illustrative",)
    assert list(table.only("unit_code")["unit_code"]) == unit_codes(1000)
    assert (table.frame["poor_households"] < table.frame["households"]).all()
    publish_units(1000)
    assert (tmp_path / "tables" / "commune_rates.csv").read_bytes() == first


def _toy_jobs(root: Path) -> list[Job]:
    first = write_notebook(root, "1-tinh", publishing("numbers", "a\n1\n"), parameters=None)
    read = (
        "import os\nfrom pathlib import Path\n"
        "print((Path(os.environ['HELPERS_OUTPUT']) / 'tables/numbers.csv').read_text(), district)"
    )
    brief = write_notebook(root, "2-ban", read)
    return [
        job(first, publishes=("numbers",)),
        *(
            job(brief, name=f"ban/{name}", parameters={"district": name}, reads=("numbers",),
                renders=(("html", f"ban/{name}.html"),))
            for name in ("Vinh", "Quế Phong", "Kỳ Sơn")
        ),
    ]  # fmt: skip


@pytest.mark.slow
def test_the_stock_tools_do_the_same_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the manifest of a build they run its notebooks in order, as many briefs as wanted."""
    root = tmp_path / "project"
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    build = toy(root, *_toy_jobs(root))
    with shop() as opened:
        assert run_quietly(build, opened)[0].code == 0
    whole = Whole(Used(1.0, 1.0), manifest.read(build.target))
    assert (whole.briefs, whole.documents) == (3, 3)
    jobs = jobs_of(root, list(published_records(whole.content).values()))
    assert [sorted(one.reads) for one in jobs] == [[], *([["numbers"]] * 3)]
    out = tmp_path / "stock"
    stock = run_stock(root, out, jobs, workers=2, briefs=2, way=Printer("không có PDF"))
    assert (stock.done, stock.wanted) == (2, 3)
    assert stock.analyses.processor > 0.5
    pages = sorted((out / "notebooks" / "ban").glob("*.html"))
    assert [page.stem for page in pages] == ["Kỳ Sơn", "Quế Phong"]
    assert all("1" in page.read_text(encoding="utf-8") for page in pages)


TOY_BUILD = """
import os, sys
from pathlib import Path
root = Path(os.environ["HELPERS_ROOT"])
old = (root / "seen").read_text() if (root / "seen").exists() else ""
new = (root / "data.csv").read_text()
(root / "seen").write_text(new)
if new != old:
    print("[1/3] Một bản … xong")
"""


def test_a_change_has_to_have_a_build_run_something(tmp_path: Path) -> None:
    """How many notebooks run again is told; a change that nothing depends on is an error."""
    (tmp_path / "build.py").write_text(TOY_BUILD)
    (tmp_path / "data.csv").write_text("1")
    edit = Edit("một ô", "data.csv", lambda content: b"2")
    trial = Trial("thu", ("build.py",), (edit,), edit, lambda _: (), lambda *_: ())
    assert "(trung vị của 5 lần; mục tiêu 0,30 s)" in unchanged(tmp_path, trial)
    assert "1 trên 3 sổ tính chạy lại (mục tiêu 3 s)" in edited(tmp_path, trial, edit)
    idle = Edit("một ô khác", "data.csv", lambda content: content)
    with pytest.raises(HelpersError, match="không sổ tính nào chạy lại"):
        edited(tmp_path, trial, idle)


@pytest.mark.slow
def test_sheets_are_made_and_a_killed_run_goes_on(tmp_path: Path) -> None:
    """Each unit gets both documents; after a kill only the rest is made and nothing is left."""
    root = tmp_path / "du-an"
    copy_project(ROOT, root)
    trial = trial_of(PLAN)
    _, said = run_measured(root, trial.many(3, "phieu"))
    assert answer(said) == {"made": 4, "kept": 0}
    documents = sorted(path.name for path in (root / "reports/phieu/sheets").iterdir())
    assert documents == [f"0000{place}.{end}" for place in (1, 2, 3) for end in ("html", "pdf")]
    page = (root / "reports/phieu/sheets/00002.html").read_text(encoding="utf-8")
    assert "Xã minh họa 2" in page
    assert "<svg" in page
    words = resumed(root, trial, 12).split()
    done, made, kept = (int(words[words.index(word) + 1].strip(",;")) for word in
                        ("xong", "chạy", "giữ"))  # fmt: skip
    assert done >= 6
    assert (made, kept) == (13 - done, done)
    assert "còn sót 0 tiến trình" in " ".join(words)
