"""Each kind of input of the province's reports: its change makes anew exactly what rests on it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from build_samples import Project, real_project

pytestmark = pytest.mark.slow

DISTRICTS = ("Vinh", "Quỳ Châu", "Kỳ Sơn")
CHECK, SHARES, TARGETS = "Kiểm tra số liệu đầu vào", "Phân bổ vốn", "Tiến độ thực hiện mục tiêu"
RISKS, OTHER_SHARES, MOVES = "Rủi ro chính", "So sánh phân bổ", "Điều chỉnh vốn trong năm"
REVIEW, REGISTER = "Diễn biến và nguyên nhân nghèo", "Danh sách hộ"
ANALYSES = {CHECK, SHARES, TARGETS, RISKS, OTHER_SHARES, MOVES, REVIEW, REGISTER}
VINH, QUY_CHAU, KY_SON = (f"Bản tóm tắt huyện: {name}" for name in DISTRICTS)
PROVINCE, WHOLE = "Bản tóm tắt cấp tỉnh", "Kế hoạch đầy đủ của tỉnh"
OF_DISTRICTS = {VINH, QUY_CHAU, KY_SON}
BRIEFS = OF_DISTRICTS | {PROVINCE, WHOLE}
ALL = ANALYSES | BRIEFS

DATA, CODE = "data/nghe-an-2024", "src/helpers"
PLAN = "params/nghe-an-2024.yaml"
REPORTS = "reports/nghe-an-2024"


@dataclass
class Desk:
    """The project, a process that explains and builds it, and how it all was before a change."""

    project: Project
    pristine: Path
    """A copy of the reports as they were built first."""
    before: dict[Path, bytes | None] = field(default_factory=dict)
    serving: subprocess.Popen[str] | None = None

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.project.root

    def ask(self) -> dict[str, Any]:
        """Explain and build; return what came of it."""
        if self.serving is None:
            command = "from real_build import serve; serve()"
            self.serving = self.project.start(
                command=command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        assert self.serving.stdin is not None
        assert self.serving.stdout is not None
        self.serving.stdin.write("\n")
        self.serving.stdin.flush()
        return dict(json.loads(self.serving.stdout.readline()))

    def stop(self) -> None:
        """Let the process go: what comes next is to import the code anew."""
        if self.serving is not None:
            self.serving.communicate()
            self.serving = None

    def keep(self, place: str) -> Path:
        """Remember a file as it is, or that there is none; return it."""
        path = self.root / place
        self.before.setdefault(path, path.read_bytes() if path.exists() else None)
        return path

    def put_back(self) -> None:
        """Undo every change."""
        for path, content in self.before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        self.before.clear()
        shutil.rmtree(self.project.reports.parent)
        shutil.copytree(self.pristine, self.project.reports.parent)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Copy the project and build it once."""
    folder = tmp_path_factory.mktemp("staleness")
    desk = Desk(real_project(folder / "project", *DISTRICTS), folder / "pristine")
    first = desk.ask()
    assert (first["code"], set(first["made"])) == (0, ALL), first
    shutil.copytree(desk.project.reports.parent, desk.pristine)
    yield desk
    desk.stop()


@pytest.fixture
def desk(opened: Desk) -> Iterator[Desk]:
    """Give the project, and put everything back as it was."""
    yield opened
    opened.put_back()


# --- changes


Change = Callable[[Desk], object]


def written(place: str, old: str, new: str) -> Change:
    """Have a text in a file replaced, once."""

    def change(desk: Desk) -> None:
        path = desk.keep(place)
        text = path.read_bytes().decode("utf-8")
        assert text.count(old) == 1, f"{place}: {old}"
        path.write_bytes(text.replace(old, new).encode())

    return change


def added(place: str, more: str = "\n# ghi chú thêm\n", *, at_top: bool = False) -> Change:
    """Have a text added to a file; the file is made where there is none."""

    def change(desk: Desk) -> None:
        path = desk.keep(place)
        held = path.read_bytes() if path.exists() else b""
        path.write_bytes(more.encode() + held if at_top else held + more.encode())

    return change


def removed(place: str) -> Change:
    """Have a file removed."""
    return lambda desk: desk.keep(place).unlink()


def cell(notebook: str, first: str, new: Callable[[str], str]) -> Change:
    """Have the one cell of a notebook that holds a text written anew."""

    def change(desk: Desk) -> None:
        path = desk.keep(f"notebooks/{notebook}.ipynb")
        content = nbformat.read(path, as_version=4)
        (found,) = (one for one in content.cells if first in one.source)
        found.source = new(found.source)
        nbformat.write(content, path)

    return change


def reviewed_at(place: str) -> Change:
    """Have a published file edited by hand."""
    return lambda desk: (desk.project.reports / place).write_text("sửa tay", encoding="utf-8")


def lost(place: str) -> Change:
    """Have a published file removed by hand."""
    return lambda desk: (desk.project.reports / place).unlink()


@dataclass(frozen=True)
class Case:
    """A change of one kind of input, and all that is made anew because of it."""

    change: Change
    run: frozenset[str] | set[str] = frozenset()
    """The notebooks that run again."""
    rendered: dict[str, str] = field(default_factory=dict)
    """The jobs of which documents are made anew from the last run, and the ending of these."""
    code: bool = False
    """Whether the process that builds has to import the code anew."""


NOTE = lambda source: f"# ghi chú\n{source}"  # noqa: E731

CASES = {
    # A comment changes no table, so nobody who reads its tables is concerned.
    "an analysis": Case(cell("03-target-progress", "poverty_rates(desk", NOTE), {TARGETS}),
    "the provincial brief": Case(
        cell("briefs/provincial-brief", "projects_table", NOTE), {PROVINCE}
    ),
    "the district brief": Case(
        cell("briefs/district-brief", "district_capital_table", NOTE), OF_DISTRICTS
    ),
    "a parameter of the district brief": Case(
        cell("briefs/district-brief", "district: str", lambda text: f'{text}\nlời: str = ""'),
        OF_DISTRICTS,
    ),
    # Every analysis opens the plan; of the tables only Vinh's row of the targets changes.
    "a value in the plan": Case(
        written(PLAN, '{area: Vinh, cut: "0,02–0,04"', '{area: Vinh, cut: "0,02–0,05"'),
        ANALYSES | {VINH, PROVINCE, WHOLE},
    ),
    # What the plan says in words is told in the official plan alone.
    "a sentence of the plan": Case(
        written(PLAN, "- Chuẩn bị đủ điều kiện giao vốn", "- Chuẩn bị tốt điều kiện giao vốn"),
        ANALYSES | {WHOLE},
    ),
    # The movement is from Quỳ Châu to Kỳ Sơn; Vinh has nothing to do with it.
    "a cell of one district": Case(
        written(f"{DATA}/movements.csv", "Quỳ Châu,800 triệu", "Quỳ Châu,810 triệu"),
        {CHECK, SHARES, MOVES, QUY_CHAU, KY_SON, WHOLE},
    ),
    # The sum of the districts no longer agrees with the province's own total: a finding that the
    # plan and every district's workbook tell their readers.
    "a cell that concerns all": Case(
        written(f"{DATA}/poverty.csv", "Vinh,2021,91238", "Vinh,2021,91239"),
        ALL - {RISKS, REGISTER, PROVINCE},
    ),
    "a source in a sidecar": Case(
        written(f"{DATA}/movements.meta.yml", "Đặt ra để minh họa", "Đặt ra chỉ để minh họa"),
        {CHECK, SHARES, MOVES, WHOLE},
    ),
    "a comment in the rules": Case(
        added("params/rules/nghe-an-2024.yaml", "# ghi chú\n", at_top=True),
        {CHECK, SHARES, OTHER_SHARES, MOVES},
    ),
    "a comment in a poverty standard": Case(
        added("params/standards/nd-07-2021.yaml", "# ghi chú\n", at_top=True),
        {CHECK, TARGETS, REVIEW},
    ),
    "code that only briefs reach": Case(
        added(f"{CODE}/brief/narrative/method.py"), BRIEFS, code=True
    ),
    "code that one analysis reaches": Case(
        added(f"{CODE}/allocation/accounts/compare.py"), {OTHER_SHARES}, code=True
    ),
    "code that no notebook reaches": Case(added(f"{CODE}/cli/tables.py"), code=True),
    "code that runs notebooks": Case(added(f"{CODE}/runner/work.py"), ALL, code=True),
    "the pinned packages": Case(added("requirements/build.txt"), ALL, code=True),
    "the style sheet of pages": Case(
        added(f"{CODE}/brief/templates/brief.css", "\n.them { color: red }\n"),
        rendered=dict.fromkeys(BRIEFS, ".html"),
        code=True,
    ),
    "the template of prints": Case(
        added(f"{CODE}/brief/templates/brief.typ", "\n// ghi chú\n"),
        rendered=dict.fromkeys(BRIEFS, ".pdf"),
        code=True,
    ),
    # The figures in the notebooks are drawn with it: their texts are measured.
    "a font of prints": Case(
        added(f"{CODE}/brief/fonts/Tinos-Italic.ttf", "\0\0\0\0"), BRIEFS, code=True
    ),
    "the template of the index": Case(
        added(f"{CODE}/brief/templates/index.html.j2", "<!-- ghi chú -->\n"), code=True
    ),
    "a file that no table is read from": Case(added(f"{DATA}/ghi-chu.csv", "a,b\n1,2\n")),
    # Without this form nobody knows why households are poor.
    "a review form taken away": Case(
        removed(f"{DATA}/review/bieu-10.csv"),
        {CHECK, TARGETS, REVIEW, RISKS} | BRIEFS - {PROVINCE},
    ),
    "a page edited by hand": Case(
        reviewed_at("districts/vinh.html"), rendered={VINH: "districts/vinh.html"}
    ),
    "a page lost": Case(lost("districts/vinh.html"), rendered={VINH: "districts/vinh.html"}),
    "a print lost": Case(lost("districts/vinh.pdf"), rendered={VINH: "districts/vinh.pdf"}),
    # Its table comes out as it was, so those who read it are right as they are.
    "a table edited by hand": Case(reviewed_at("tables/movements.csv"), {MOVES}),
    "a table lost": Case(lost("tables/movements.csv"), {MOVES}),
    "an executed notebook lost": Case(lost("notebooks/districts/vinh.ipynb"), {VINH}),
    "a file that a cell names": Case(
        cell(
            "05-allocation-comparison",
            "compare_last_year(",
            lambda text: f'open("../requirements/uv.txt").close()\n{text}',
        ),
        {OTHER_SHARES},
    ),
}


def _labels(lines: list[str], *kinds: str) -> set[str]:
    """Return the jobs that `make explain` names under some headings."""
    found: set[str] = set()
    for line in lines:
        heading, _, rest = line.partition(": ")
        if heading in kinds:
            found.update(rest[: rest.index(" (")].split(", "))
    return found


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_change_makes_anew_exactly_what_rests_on_it(desk: Desk, case: Case) -> None:
    """What runs, what is only rendered, and what is kept; and it was all foretold."""
    if case.code:
        desk.stop()
    case.change(desk)
    done = desk.ask()
    if case.code:
        desk.stop()
    assert done["code"] == 0, done
    assert {label for label, ran, _ in done["tasks"] if ran} == set(case.run)
    assert {label for label, ran, _ in done["tasks"] if not ran} == set(case.rendered)
    for label, ran, places in done["tasks"]:
        if not ran:
            assert [place.endswith(case.rendered[label]) for place in places] == [True]
            assert re.search(rf"{label} \(.*\) … xuất lại", done["said"])
    made = set(case.run) | set(case.rendered)
    assert set(done["made"]) == made
    assert set(done["kept"]) == ALL - made
    foretold = _labels(done["explained"], "Chạy lại", "Xuất lại", "Có thể chạy lại")
    assert made <= foretold
    assert _labels(done["explained"], "Xuất lại") == set(case.rendered)
    assert [place for place in desk.project.broken() if not place.startswith("edited/")] == []


def test_a_page_edited_by_hand_is_kept_aside(desk: Desk) -> None:
    """The edited copy is under edited/, and the page is what the notebook says."""
    place = "districts/vinh.html"
    page = desk.project.reports / place
    good = page.read_bytes()
    reviewed_at(place)(desk)
    assert desk.ask()["code"] == 0
    assert page.read_bytes() == good
    edited = desk.project.reports / "edited" / place
    assert edited.read_text(encoding="utf-8") == "sửa tay"


def test_a_new_index_template_reaches_the_index(desk: Desk) -> None:
    """Though no job is done for it, the index is written anew."""
    desk.stop()
    added(f"{CODE}/brief/templates/index.html.j2", "<!-- dấu -->\n")(desk)
    assert desk.ask()["code"] == 0
    desk.stop()
    assert "<!-- dấu -->" in (desk.project.reports / "index.html").read_text(encoding="utf-8")


def test_touching_rebuilds_nothing(desk: Desk) -> None:
    """Neither new times nor notebooks saved again, laid out otherwise and with outputs, count."""
    for folder in ("params", "data", "notebooks", "src", "requirements"):
        for path in (desk.root / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                os.utime(path)
    for path in (desk.root / "notebooks").rglob("*.ipynb"):
        desk.keep(path.relative_to(desk.root).as_posix())
        content = json.loads(path.read_text(encoding="utf-8"))
        for number, one in enumerate(content["cells"], start=1):
            one["metadata"]["collapsed"] = False
            if one["cell_type"] == "code":
                one["execution_count"] = number
                one["metadata"]["execution"] = {"iopub.status.busy": "2024-12-31T07:00:00Z"}
                printed = {"output_type": "stream", "name": "stdout", "text": ["đã chạy\n"]}
                one["outputs"] = [printed]
            one["source"] = "".join(one["source"])
        content["metadata"]["language_info"] = {"name": "python", "version": "3.12.0"}
        path.write_text(json.dumps(content, indent=4, sort_keys=True), encoding="utf-8")
    done = desk.ask()
    assert (done["code"], done["made"], set(done["kept"])) == (0, [], ALL)
    assert done["explained"] == [f"Giữ nguyên {len(ALL)} sổ tính."]


REFUSED = {
    # A brief that reads one more table must say so among those that it reads.
    "a table that a brief does not declare": (
        cell(
            "briefs/provincial-brief",
            "projects_table",
            lambda text: f'{text}\n_ = brief.table("bal" + "ances")',
        ),
        PROVINCE,
        "balances",
    ),
    # The path is put together when the cell runs: nobody can tell it from the notebook.
    "a file whose path is computed": (
        cell(
            "05-allocation-comparison",
            "compare_last_year(",
            lambda text: f'open("../requirements/" + "uv" + ".txt").close()\n{text}',
        ),
        OTHER_SHARES,
        "đọc những gì nó không khai báo: requirements/uv.txt",
    ),
    "a table published under a computed name": (
        cell(
            "06-capital-register",
            'desk.publish("movements"',
            lambda text: (
                f"{text}\nfrom helpers import poverty_rates\n"
                'desk.publish("poverty" + "_rates", poverty_rates(desk.data))'
            ),
        ),
        MOVES,
        "công bố bảng “poverty_rates” mà tên không ghi thẳng trong ô",
    ),
    "a table declared and never published": (
        cell("06-capital-register", 'publish("balances"', lambda text: f"if False:\n    {text}"),
        MOVES,
        "không công bố: balances",
    ),
}


@pytest.mark.parametrize(("change", "label", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_declared_fails(desk: Desk, change: Change, label: str, words: str) -> None:
    """The notebook is named with what it read or published, and nothing is published."""
    before = (desk.project.reports / "manifest.json").read_bytes()
    change(desk)
    done = desk.ask()
    assert done["code"] == 1
    (failure,) = done["failures"]
    assert failure.startswith(label)
    assert words in failure
    assert (desk.project.reports / "manifest.json").read_bytes() == before
    assert label not in done["made"]
