"""The whole line once, from the province's data to the briefs, in a folder of its own."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Collection, Iterator
from decimal import Decimal
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from pypdf import PdfReader

from helpers import jobs
from helpers.brief.rehearsal import rehearse
from helpers.collect import make_register
from helpers.reads import forget, noted
from helpers.runner import Result, open_shop, run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
MILLION = 10**6
PLAN = "params/nghe-an-2024.yaml"
COPIED = ("params", "data", "notebooks", "requirements", "src", "pyproject.toml")


class Cells(HTMLParser):
    """Collects the text of every table row of a page."""

    def __init__(self) -> None:
        """Start with no rows."""
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in ("td", "th"):
            self._open = False

    def handle_data(self, data: str) -> None:
        """Add text to the open cell."""
        if self._open:
            self.rows[-1][-1] += data


def _rows(path: Path) -> list[list[str]]:
    parser = Cells()
    parser.feed(path.read_text(encoding="utf-8"))
    return [[" ".join(cell.split()) for cell in row] for row in parser.rows]


def _pdf_text(path: Path) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    return " ".join(text.split())


def _table(reports: Path, name: str) -> list[dict[str, str]]:
    with (reports / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _millions(amount: str | int) -> str:
    return f"{int(amount) // MILLION:,}".replace(",", ".")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Copy the project into an empty folder and work from there."""
    folder = tmp_path_factory.mktemp("project") / "kế hoạch tỉnh"
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            hidden = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            shutil.copytree(source, folder / name, ignore=hidden)
        else:
            shutil.copy(source, folder / name)
    before = os.environ.get("HELPERS_ROOT")
    os.environ["HELPERS_ROOT"] = str(folder)
    yield folder
    if before is None:
        del os.environ["HELPERS_ROOT"]
    else:
        os.environ["HELPERS_ROOT"] = before


def _build(plan: Path, names: Collection[str] = ()) -> Result:
    """Build a plan as the command does: everything, or the analyses and the named briefs."""
    with open_shop(jobs.PRELOAD) as shop:
        build = shop.call("helpers.jobs:make_build", plan)
        if names:
            some = tuple(job for job in build.jobs if not job.renders or job.name in names)
            build = dataclasses.replace(build, jobs=some, finish=None)
        return run(build, shop)


@pytest.fixture(scope="module")
def reports(project: Path) -> Path:
    """Build everything once."""
    result = _build(project / PLAN)
    assert result.code == 0, result.failures
    return project / "reports" / "nghe-an-2024"


def test_the_rehearsal_makes_a_whole_brief(reports: Path) -> None:
    """A build goes on where its rehearsal fails, so here it must not: every part is made."""
    for module in jobs.OF_BRIEFS:
        import_module(module)
    forget()
    for several in (False, True):
        rehearse(reports, several)
    assert noted() == ()


def test_everything_of_the_contract_is_there(reports: Path) -> None:
    """Index, plan, provincial brief, 21 district briefs, tables, notebooks, manifest."""
    assert (reports / "index.html").is_file()
    for suffix in (".html", ".pdf", ".docx", ".xlsx"):
        assert (reports / f"provincial-plan{suffix}").stat().st_size > 10_000
    for suffix in (".html", ".pdf"):
        assert (reports / f"provincial-brief{suffix}").stat().st_size > 10_000
    for suffix in (".html", ".pdf", ".docx", ".xlsx"):
        assert len(list((reports / "districts").glob(f"*{suffix}"))) == 21
    assert (reports / "districts" / "ky-son.pdf").is_file()
    assert len(list((reports / "notebooks").rglob("*.ipynb"))) == 8 + 23
    assert not list(reports.glob("failed"))
    for path in (reports / "tables").glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), path.name


def test_briefs_have_two_pages(reports: Path) -> None:
    """The briefs of the province and of each district fill no third page; only the plan does."""
    briefs = [reports / "provincial-brief.pdf", *(reports / "districts").glob("*.pdf")]
    assert {path.stem for path in briefs if len(PdfReader(path).pages) > 2} == set()
    assert len(PdfReader(reports / "provincial-plan.pdf").pages) > 20


def test_csv_html_and_pdf_tell_the_same_totals(reports: Path) -> None:
    """Total, projects and districts: the same figures in the table, the page and the print."""
    rows = _rows(reports / "provincial-plan.html")
    print_text = _pdf_text(reports / "provincial-plan.pdf")
    projects = _table(reports, "capital_by_project")
    assert sum(int(r["total"]) for r in projects if r["level"] == "project") == 603_736 * MILLION
    for row in projects:
        if row["level"] == "subproject":
            continue
        found = [
            cells for cells in rows if row["name"] in cells and _millions(row["total"]) in cells
        ]
        assert found, row
        assert _millions(row["total"]) in print_text
    for row in _table(reports, "capital_by_district"):
        found = [cells for cells in rows if row["district"] in cells]
        assert any(_millions(row["total"]) in cells for cells in found), row
        assert re.search(
            rf"{row['district']} {_millions(row['ĐTPT'])} {_millions(row['SN'])} "
            rf"{_millions(row['total'])} ",
            print_text,
        ), row
    assert "603,736 tỷ đồng" in print_text
    assert "603,736 tỷ đồng" in (reports / "provincial-brief.html").read_text(encoding="utf-8")


def test_leaves_add_up_to_what_is_printed(reports: Path) -> None:
    """The smallest published amounts give every total above them, to the đồng."""
    cube = _table(reports, "allocation")
    leaves = [row for row in cube if row["vintage"] == "2024"]
    assert {row["vintage"] for row in cube} == {"2022", "2023", "2024"}
    assert sum(int(row["amount"]) for row in leaves) == 603_736 * MILLION
    matrix = {row["district_code"]: row for row in _table(reports, "capital_by_district_project")}
    assert len(matrix) == 21 + 4 + 1
    for code, row in matrix.items():
        for project in ("DA1", "DA2", "DA3", "DA4", "DA5", "DA6", "DA7"):
            amounts = [
                int(leaf["amount"])
                for leaf in leaves
                if leaf["project"] == project
                and code in (leaf["district_code"], leaf["unit_code"], "total")
            ]
            assert sum(amounts) == int(row[project]), (code, project)


def test_a_printed_amount_can_be_followed_to_its_data(reports: Path) -> None:
    """Kỳ Sơn's DA2 by hand, from the published criteria to the printed amount.

    X over ΣX, times what the districts share, less the floors held: to within a million a source.
    """
    told = [
        row
        for row in _table(reports, "coefficients")
        if (row["line"], row["unit_code"]) == ("DA2", "417")
    ]
    points = sum(Decimal(row["points"]) for row in told if row["part"] == "criterion")
    (factor,) = [Decimal(row["points"]) for row in told if row["part"] == "multiplier"]
    (total,) = [row for row in told if row["part"] == "total"]
    assert points * factor == Decimal(total["points"])
    rounded = [
        row
        for row in _table(reports, "rounding")
        if (row["line"], row["unit_code"]) == ("DA2", "417")
    ]
    for row in rounded:
        share = Decimal(row["pot"]) * Decimal(total["points"]) / Decimal(total["whole"])
        assert abs(share - int(row["amount"])) < Decimal(row["pot"]) / 100
        assert int(row["floor"]) + int(row["gained"]) == int(row["amount"])
        assert abs(Decimal(row["exact"]) - int(row["amount"])) < MILLION
    given = sum(int(row["amount"]) for row in rounded)
    lines = _table(reports, "district_lines")
    (line,) = [r for r in lines if (r["district_code"], r["line"]) == ("417", "DA2")]
    assert given == int(line["total"])
    assert _millions(str(given)) in _pdf_text(reports / "districts" / "ky-son.pdf")


def test_every_district_brief_tells_its_own_figures(reports: Path) -> None:
    """Each district's page and print carry its name, capital, rate and result, and no other's."""
    targets = {row["area_code"]: row for row in _table(reports, "targets")}
    for row in _table(reports, "capital_by_district"):
        stem = reports / "districts" / row["slug"]
        text = _pdf_text(stem.with_suffix(".pdf"))
        page = stem.with_suffix(".html").read_text(encoding="utf-8")
        rate = targets[row["district_code"]]["current_rate"].replace(".", ",") + "%"
        for wanted in (row["district"], _millions(row["total"]), rate):
            assert wanted in text, (row["district"], wanted)
            assert wanted in page, (row["district"], wanted)
        assert targets[row["district_code"]]["result"] in text


def test_illustrative_figures_are_announced(reports: Path) -> None:
    """The first page says so, on paper and on screen, of the province and of each district."""
    for stem in ["provincial-plan", "provincial-brief", *(f"districts/{p.stem}" for p in
                 (reports / "districts").glob("*.pdf"))]:  # fmt: skip
        first = " ".join(PdfReader(reports / f"{stem}.pdf").pages[0].extract_text().split())
        assert "minh họa" in first, stem
        assert "minh họa" in (reports / f"{stem}.html").read_text(encoding="utf-8")
    assert "minh họa" in (reports / "index.html").read_text(encoding="utf-8")


def test_no_code_shows_in_a_brief(reports: Path) -> None:
    """Neither cells nor Python words leave the office."""
    for text in (
        _pdf_text(reports / "provincial-brief.pdf"),
        (reports / "provincial-brief.html").read_text(encoding="utf-8"),
    ):
        assert "open_brief" not in text
        assert "import " not in re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)


def test_html_is_one_offline_file(reports: Path) -> None:
    """No page loads anything from elsewhere, none is larger than 1 MB, all are in Vietnamese."""
    pages = [*reports.glob("*.html"), *(reports / "districts").glob("*.html")]
    assert len(pages) == 24
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert path.stat().st_size <= 1_000_000
        assert '<html lang="vi"' in text
        assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)
        scripts = re.findall("<script>(.*?)</script>", text, flags=re.DOTALL)
        assert text.count("<script") == len(scripts) <= 1
        hashed = [b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
        assert all(f"script-src 'sha256-{one}'" in text for one in hashed)


def test_links_of_the_index_lead_somewhere(reports: Path) -> None:
    """Every link of the first page is a file that exists."""
    links = re.findall(r'href="([^"#]+)"', (reports / "index.html").read_text(encoding="utf-8"))
    assert len(links) > 42
    assert not [link for link in links if not (reports / link).is_file()]


def test_the_manifest_holds_every_file(reports: Path, project: Path) -> None:
    """Inputs and outputs stand with the SHA-256 that they really have."""
    manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    outputs = {
        path.relative_to(reports).as_posix() for path in reports.rglob("*") if path.is_file()
    }
    assert set(manifest["outputs"]) == outputs - {"manifest.json"}
    for folder, kind in ((reports, "outputs"), (project, "inputs")):
        for name, entry in manifest[kind].items():
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            assert digest == (entry["sha256"] if isinstance(entry, dict) else entry), name
    assert "data/nghe-an-2024/poverty.csv" in manifest["inputs"]
    assert PLAN in manifest["inputs"]


def test_rendering_twice_gives_the_same_bytes(reports: Path) -> None:
    """The executed notebook, rendered again, gives exactly the published HTML and PDF."""
    for name in ("provincial-plan", "provincial-brief", "districts/ky-son"):
        notebook = nbformat.read(reports / "notebooks" / f"{name}.ipynb", as_version=4)
        for exporter, suffix in (("brief_html", ".html"), ("brief_pdf", ".pdf")):
            body, _ = get_exporter(exporter)().from_notebook_node(notebook)
            again = body.encode() if isinstance(body, str) else body
            assert again == (reports / f"{name}{suffix}").read_bytes(), (name, suffix)


def test_notebooks_run_again_to_the_same_outputs(reports: Path, project: Path) -> None:
    """Run by nbval, the analyses, the plan, the provincial and one district brief do not differ."""
    names = sorted((reports / "notebooks").glob("*.ipynb"))
    names.append(reports / "notebooks" / "districts" / "ky-son.ipynb")
    assert len(names) == 11
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", "/dev/null"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", *options, *map(str, names)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout).group(1)) >= 40  # type: ignore[union-attr]


def test_one_amount_changed_shows_exactly_what_changed(reports: Path, project: Path) -> None:
    """DA5 from 79.240 to 80.000 triệu: the new total of DA5 is printed and the change is listed."""
    plan = project / PLAN
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("79.240 triệu", "80.000 triệu"), encoding="utf-8")
    try:
        result = _build(plan)
        assert result.code == 0
        assert result.changed_values > 0
        with (reports / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
            listed = list(csv.reader(file))
        assert any(
            "79240000000" in row and "80000000000" in row and "DA5" in " ".join(row)
            for row in listed
        )
        assert "80.000" in _pdf_text(reports / "provincial-brief.pdf")
        projects = {row["code"]: row for row in _table(reports, "capital_by_project")}
        assert int(projects["total"]["total"]) == 603_736 * MILLION
    finally:
        plan.write_text(text, encoding="utf-8")


def test_a_report_within_the_year_knows_no_december(project: Path) -> None:
    """At 30/9/2024, with a household register: words, dates and forecast of an open year."""
    name = "chin-thang"
    plan = project / "params" / f"{name}.yaml"
    text = (project / PLAN).read_text(encoding="utf-8")
    assert 'as_of: ""' in text
    plan.write_text(text.replace('as_of: ""', 'as_of: "2024-09-30"'), encoding="utf-8")
    register = make_register(plan, 20_000)
    try:
        wanted = ("provincial-plan", "provincial-brief", "districts/quy-chau", "districts/cua-lo")
        result = _build(plan, wanted)
        assert result.code == 0, result.failures
    finally:
        register.unlink()
        register.with_name("register.meta.yml").unlink()
        plan.unlink()
    target = project / "reports" / name
    targets = {row["area_code"]: row for row in _table(target, "targets")}
    assert {row["as_of"] for row in targets.values()} == {"2024-09-30", "2023-12-31"}
    assert (targets["province"]["result"], targets["416"]["result"]) == (
        *("chậm", "nguy cơ không đạt"),
    )
    assert {row["year"] for row in _table(target, "flows")} == {"2022", "2023"}
    forecast = {row["area_code"]: row for row in _table(target, "forecast")}
    assert {row["horizon"] for row in forecast.values()} == {"2024-12-31"}
    for stem, chance in (
        *((stem, "province") for stem in ("provincial-plan", "provincial-brief")),
        ("districts/quy-chau", "416"),
    ):
        printed = _pdf_text(target / f"{stem}.pdf")
        assert stem == "provincial-plan" or len(PdfReader(target / f"{stem}.pdf").pages) == 2
        assert "30/9/2024" in printed
        assert targets[chance]["result"] in printed
        assert targets[chance]["current_rate"].replace(".", ",") + "%" in printed
        assert "cuối năm 2024 là" not in printed
    assert _table(target, "register_measures")[0]["households"] == "20000"
    assert "Hộ nghèo theo danh sách hộ" in _pdf_text(target / "provincial-plan.pdf")


def test_no_small_number_leaves(reports: Path) -> None:
    """Of the tables that count people, no number below the threshold of 10 is published."""
    counted = {
        "flows": ["changed", "above", "other_decrease", "from_other", "relapsed", "newly"],
        "deprivations": ["deprived"],
        "poor_profile": ["count"],
        "commune_rates": ["poor_before", "poor_households", "near_poor_households"],
    }
    withheld = 0
    for name, columns in counted.items():
        for row in _table(reports, name):
            for column in columns:
                withheld += row[column] == "…"
                assert row[column] in ("", "…", "0") or int(row[column]) >= 10, (name, row)
    assert withheld > 100
