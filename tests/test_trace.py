"""From a printed number back: its place, the published cell behind it, the files behind that."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode, v4
from spoken_briefs import in_language

from helpers import cli, narrative, tables, words
from helpers.brief import figures
from helpers.brief.blocks import Block, FigureRow, Text
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Row, Table
from helpers.data.published import SUPPRESSED
from helpers.paths import ROOT_VARIABLE
from helpers.runner import manifest as manifests
from helpers.runner.manifest import digest
from helpers.trace.matches import Answer, answer
from helpers.trace.numbers import NotANumber, asked_number, numbers_in, rounds_to
from helpers.trace.origins import Reports
from helpers.trace.places import Place, printed_places
from helpers.trace.question import NoSuchBrief, asked, brief_asked, brief_named
from helpers.trace.report import NotPrinted, trace
from helpers.trace.written import published_by, tables_behind

ROOT = Path(__file__).parents[1]
KY_SON = "417"
MILLION = 10**6


def _notebook(*cells: str | tuple[str, Block]) -> NotebookNode:
    """Return an executed notebook: a text, or a cell's code with the block that it left."""
    made = v4.new_notebook()
    for cell in cells:
        if isinstance(cell, str):
            made.cells.append(v4.new_markdown_cell(cell))
            continue
        code, block = cell
        output = v4.new_output("execute_result", data=block._repr_mimebundle_(), execution_count=1)
        made.cells.append(v4.new_code_cell(code, outputs=[output]))
    return made


@pytest.fixture(scope="module")
def ky_son(shipped_brief: Brief) -> NotebookNode:
    """Return a brief of Kỳ Sơn as a build executes it, of the cells that tell most."""
    brief, code = shipped_brief, KY_SON
    trend = figures.district_trend(brief, code)
    return _notebook(
        ("brief.header(subject)", brief.header("Vốn và mục tiêu tại huyện Kỳ Sơn")),
        ("narrative.district_numbers(brief, code)", narrative.district_numbers(brief, code)),
        "## I. Vốn phân bổ\nSố gõ tay trong sổ: 4.321 hộ.",
        (
            "Text(narrative.district_capital_sentence(brief, code))",
            Text(narrative.district_capital_sentence(brief, code)),
        ),
        (
            "tables.district_capital_table(brief, code)",
            tables.district_capital_table(brief, code),
        ),
        (
            "Text(narrative.district_counterpart_sentence(brief, code))",
            Text(narrative.district_counterpart_sentence(brief, code)),
        ),
        (
            "tables.district_comparison_table(brief, code)",
            tables.district_comparison_table(brief, code),
        ),
        (
            'tables.district_register_tables(brief, code, "### Vốn kéo dài")',
            tables.district_register_tables(brief, code, "### Vốn kéo dài"),
        ),
        "## II. Hộ nghèo",
        ("tables.rates_table(brief, code)", tables.rates_table(brief, code)),
        ("FigureRow((trend,))", FigureRow((trend,))),
        (
            'Text(narrative.district_flow_paragraph(brief, code, "### Diễn biến"))',
            Text(narrative.district_flow_paragraph(brief, code, "### Diễn biến")),
        ),
        "## Phụ lục I. Hộ nghèo của từng xã",
        (
            'tables.communes_table(brief, code, "### Các xã")',
            tables.communes_table(brief, code, "### Các xã"),
        ),
    )


@pytest.fixture(scope="module")
def province(shipped_brief: Brief) -> NotebookNode:
    """Return a brief of the province, with its risks and the matrix of units and projects."""
    brief = shipped_brief
    return _notebook(
        ("brief.header(subject)", brief.header("Kế hoạch giảm nghèo")),
        ("Text(narrative.risk_list(brief))", Text(narrative.risk_list(brief))),
        (
            'Text(narrative.flow_paragraph(brief, "### Diễn biến", ""))',
            Text(narrative.flow_paragraph(brief, "### Diễn biến", "")),
        ),
        (
            "Text(narrative.comparison_paragraph(brief))",
            Text(narrative.comparison_paragraph(brief)),
        ),
        ("tables.matrix_table(brief)", tables.matrix_table(brief)),
        ("tables.flows_table(brief, '## Bảng')", tables.flows_table(brief, "## Bảng")),
        (
            "hidden",
            Table("Bảng giấu số", (Column("a", "Huyện"), Column("b", "Hộ", "count")), (
                Row(("Vinh", SUPPRESSED)),
            )),
        ),
    )  # fmt: skip


def _manifest(target: Path) -> dict[str, Any]:
    """Return what a build of these reports would have recorded."""
    analyses = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    jobs: list[dict[str, Any]] = [
        {
            "label": f"Sổ {path.stem}",
            "name": path.stem,
            "notebook": f"notebooks/{path.name}",
            "parameters": {"plan": "params/nghe-an-2024.yaml"},
            "renders": [],
        }
        for path in analyses
    ]
    for name, label, more in (
        ("districts/ky-son", "Bản tóm tắt huyện: Kỳ Sơn", {"district": "Kỳ Sơn"}),
        ("provincial-brief", "Bản tóm tắt cấp tỉnh", {}),
    ):
        jobs.append(
            {
                "label": label,
                "name": name,
                "notebook": "notebooks/briefs/x.ipynb",
                "parameters": {"plan": "params/nghe-an-2024.yaml", **more},
                "renders": [f"{name}.html", f"{name}.pdf"],
            }
        )
    data = [
        path
        for folder in ("data", "params")
        for path in (ROOT / folder).rglob("*.*")
        if path.is_file()
    ]
    return {
        "inputs": {path.relative_to(ROOT).as_posix(): digest(path) for path in data},
        "outputs": {
            path.relative_to(target).as_posix(): {"sha256": digest(path), "size": 0}
            for path in target.rglob("*.*")
            if path.is_file()
        },
        "jobs": jobs,
    }


@pytest.fixture(scope="module")
def built(
    shipped_brief: Brief,
    ky_son: NotebookNode,
    province: NotebookNode,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Mapping[str, Any]]:
    """Return a reports folder as a build leaves it, and its manifest."""
    target = tmp_path_factory.mktemp("root") / "reports" / "nghe-an-2024"
    assert shipped_brief.output
    shutil.copytree(shipped_brief.output / "tables", target / "tables")
    (target / "notebooks" / "districts").mkdir(parents=True)
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        shutil.copy(path, target / "notebooks")
    nbformat.write(ky_son, target / "notebooks" / "districts" / "ky-son.ipynb")
    nbformat.write(province, target / "notebooks" / "provincial-brief.ipynb")
    return target, _manifest(target)


def _told(built: tuple[Path, Mapping[str, Any]], *said: str, every: bool = False) -> str:
    target, manifest = built
    return "\n".join(trace(target, manifest, said, every=every))


def _answer(place: Place, brief: Brief, home: str = "Kỳ Sơn") -> Answer:
    return answer(place, [brief.table(name) for name in place.tables], home)


@pytest.mark.parametrize(
    ("typed", "digits", "kind", "sign"),
    [
        ("28.416", "28416", "", ""),
        ("28416", "28416", "", ""),
        ("1.234.567", "1234567", "", ""),
        ("1,234,567", "1234567", "", ""),
        ("4,16%", "4,16", "percent", ""),
        ("4.16", "4,16", "", ""),
        ("603,736 tỷ đồng", "603,736", "money", ""),
        ("1.234,5 triệu", "1234,5", "money", ""),
        ("500 đồng", "500", "money", ""),
        ("−1,2", "1,2", "", "-"),
        ("+15,9 tỷ", "15,9", "money", "+"),
        ("1,02 điểm phần trăm", "1,02", "percent", ""),
        ("40 hộ", "40", "count", ""),
        ("“37,70”", "37,70", "", ""),
    ],
)
def test_a_number_is_read_as_planners_type_it(
    typed: str, digits: str, kind: str, sign: str
) -> None:
    """Dots group thousands, a comma begins decimals, units and signs count; other habits too."""
    number = asked_number(typed)
    assert (number.digits, number.kind, number.sign) == (digits, kind, sign)


@pytest.mark.parametrize("typed", ["abc", "12 quả", "4–5", "1.2.3", ""])
def test_what_is_no_number_is_refused_with_how_to_write_it(typed: str) -> None:
    """A word, an unknown unit, a range: refused with a sentence."""
    with pytest.raises(NotANumber):
        asked_number(typed)


def test_numbers_are_found_in_prose_with_their_units() -> None:
    """Units, signs and ranges are understood; dates, files and document numbers are no numbers."""
    text = (
        "Ngày 22/04/2024, Quyết định 02/2022/QĐ-TTg giao 126,693 tỷ đồng (28,1%), do diện tích"
        " -2,5 tỷ đồng; giảm 4–5 điểm phần trăm, 7.222/22.756 hộ, DA4-TDA1, tables/bang2.csv."
    )
    found = [(n.sign + n.digits, n.kind, n.scale) for n in numbers_in(text)]
    assert found == [
        ("126,693", "money", 10**9),
        ("28,1", "percent", 1),
        ("-2,5", "money", 10**9),
        ("4", "percent", 1),
        ("5", "percent", 1),
        ("7222", "", 1),
        ("22756", "count", 1),
    ]


def test_rounding_is_that_of_the_printed_words() -> None:
    """Half is rounded up, as the briefs' own words do it."""
    assert rounds_to(asked_number("4,165").value, "4,17")
    assert not rounds_to(asked_number("4,164").value, "4,17")


@pytest.mark.parametrize(
    ("said", "name", "digits"),
    [
        (("ky-son", "28.416"), "ky-son", "28416"),
        (("Kỳ", "Sơn", "28.416"), "Kỳ Sơn", "28416"),
        (("provincial-brief", "603,736", "tỷ", "đồng"), "provincial-brief", "603,736"),
        (("ky-son", "-1,2"), "ky-son", "1,2"),
    ],
)
def test_words_part_into_brief_and_number(said: tuple[str, ...], name: str, digits: str) -> None:
    """A name may have spaces and a number its unit behind it, without quotation marks."""
    assert asked(said)[0] == name
    assert asked(said)[1].digits == digits


@pytest.mark.parametrize(
    "name",
    ["ky-son", "kyson", "Kỳ Sơn", "huyện Kỳ Sơn", "districts/ky-son", "reports/x/ky-son.pdf"],
)
def test_a_brief_is_found_by_file_district_or_path(
    built: tuple[Path, Mapping[str, Any]], name: str
) -> None:
    """Accents, hyphens and the place of the file do not matter."""
    assert brief_named(name, Reports(*built).briefs)["name"] == "districts/ky-son"


def test_an_unknown_brief_names_the_nearest(built: tuple[Path, Mapping[str, Any]]) -> None:
    """A slip of the pen is answered with the right name; a name for several is no answer."""
    briefs = Reports(*built).briefs
    with pytest.raises(NoSuchBrief, match="Có phải là ky-son"):
        brief_named("ky-sơm", briefs)
    with pytest.raises(NoSuchBrief, match="nhiều bản"):
        brief_named("tóm tắt", briefs)


def test_every_cell_of_a_table_leads_to_its_own_published_cell(
    ky_son: NotebookNode, shipped_brief: Brief
) -> None:
    """Each number of the table of capital is traced to its very row and column, none to another."""
    checked = 0
    for place in printed_places(ky_son):
        if place.tables != ("district_lines",) or place.cell is None or not place.cell.exact:
            continue
        (found, *others) = _answer(place, shipped_brief).found
        assert not others
        row = found.table.frame.iloc[found.row]
        printed = dict(place.cell.values)
        assert found.column == place.cell.key
        assert row["district_code"] == KY_SON
        assert row["short"] == printed["short"]
        assert words.million(row[found.column]) == place.number.text
        checked += 1
    assert checked > 30


def test_every_commune_leads_to_its_own_row(ky_son: NotebookNode, shipped_brief: Brief) -> None:
    """Equal numbers of different communes are told apart by the name in the row."""
    checked = 0
    for place in printed_places(ky_son):
        if place.tables != ("commune_rates",) or place.cell is None or not place.cell.exact:
            continue
        best = _answer(place, shipped_brief).found[0]
        row = best.table.frame.iloc[best.row]
        assert (row["unit"], best.column) == (place.cell.row[0], place.cell.key)
        checked += 1
    assert checked > 80


def test_a_cell_is_told_with_row_column_value_and_files(
    built: tuple[Path, Mapping[str, Any]], shipped_brief: Brief
) -> None:
    """The answer names place, published cell, exact value, analysis, files, status and digest."""
    row = shipped_brief.table("district_lines").one(district_code=KY_SON, line="DA2")
    text = _told(built, "ky-son", words.million(row["total"]))
    assert "Bảng 1. Vốn năm 2024 phân bổ cho Kỳ Sơn [I. Vốn phân bổ]" in text
    assert "tables/district_lines.csv, cột total (Tổng số)" in text
    assert "Mã huyện 417 (Kỳ Sơn); Mã DA2 (Đa dạng hóa sinh kế)" in text
    exact = (
        f"{words.decimal(row['total'])} đồng, bằng đúng {words.million(row['total'])} triệu đồng"
    )
    assert exact in text
    assert "Sổ tính: notebooks/02-budget-allocation.ipynb" in text
    known = digest(ROOT / "data" / "nghe-an-2024" / "poverty.csv")
    line = f"data/nghe-an-2024/poverty.csv (SHA-256 {known[:12]}…, nguyên như khi dựng)"
    assert line in text
    assert "minh họa; ngày 23/11/2026; nguồn: Sinh tự động" in text
    assert "params/rules/nghe-an-2024.yaml" in text


def test_grouping_does_not_matter_and_a_unit_is_converted(
    built: tuple[Path, Mapping[str, Any]], shipped_brief: Brief
) -> None:
    """Typed without dots it is the same; in tỷ it is found in tables in triệu as well."""
    total = shipped_brief.table("capital_by_district").one(district_code=KY_SON)["total"]
    triệu = words.million(total)
    plain = _told(built, "ky-son", triệu.replace(".", ""))
    assert plain.split("\n", 1)[1] == _told(built, "ky-son", triệu).split("\n", 1)[1]
    tỷ = f"{words.decimal(total // MILLION * words.Fraction(1, 1000), 3, least=0)} tỷ"
    text = _told(built, "ky-son", tỷ)
    assert "Số liệu chính ở đầu bản" in text
    assert "Lời văn [I. Vốn phân bổ]" in text
    assert "Bảng 1." in text


def test_prose_leads_to_the_row_of_its_district(ky_son: NotebookNode, shipped_brief: Brief) -> None:
    """What a sentence says of a district comes from that district's row, by the right column."""
    capital = shipped_brief.table("capital_by_district").one(district_code=KY_SON)
    wanted = {
        "total": f"{words.decimal(words.Fraction(capital['total'], 10**9), 3, least=0)} tỷ",
        "per_poor_household": f"{words.million(capital['per_poor_household'])} triệu",
        "poor_households": f"{words.count(capital['poor_households'])} hộ",
    }
    places = [p for p in printed_places(ky_son) if p.what == "Lời văn" and "Chương trình" in p.text]
    for column, text in wanted.items():
        (place,) = (place for place in places if place.number.text == text)
        (found,) = _answer(place, shipped_brief).found
        assert (found.column, found.exact) == (column, True)
        assert found.table.frame.iloc[found.row]["district_code"] == KY_SON


def test_prose_that_names_no_place_speaks_of_the_whole_province(
    province: NotebookNode, shipped_brief: Brief
) -> None:
    """In the province's brief a difference without a place is that of the total row."""
    (row,) = (
        shipped_brief.table("comparison_last_year")
        .rows(line="total", level="total")
        .to_dict("records")
    )
    said = words.money(row["difference"]).removesuffix(" đồng")
    (place,) = (p for p in printed_places(province) if p.number.text == said)
    (found,) = _answer(place, shipped_brief, "Toàn tỉnh").found
    assert (found.column, found.exact) == ("difference", True)
    assert found.table.frame.iloc[found.row]["unit_code"] == row["unit_code"]


def test_a_number_in_a_drawing_is_traced_by_its_description(
    ky_son: NotebookNode, shipped_brief: Brief
) -> None:
    """A label drawn with one decimal leads to the year's row, and is said to be rounded."""
    first = shipped_brief.table("poverty_rates").rows(area_code=KY_SON).iloc[0]
    label = words.decimal(first["poor_rate"], 1)
    (place,) = (
        p for p in printed_places(ky_son) if "chữ trong hình" in p.what and p.number.text == label
    )
    (found,) = _answer(place, shipped_brief).found
    row = found.table.frame.iloc[found.row]
    assert (row["area_code"], row["year"], found.column) == (KY_SON, first["year"], "poor_rate")
    assert not found.exact


def test_a_rounded_number_is_said_to_be_rounded(
    built: tuple[Path, Mapping[str, Any]], shipped_brief: Brief
) -> None:
    """A column in tenths of a triệu shows the whole amount in đồng beside what is printed."""
    rows = shipped_brief.table("comparison_last_year").rows(
        line="DA1-TDA1", level="district", unit_code=KY_SON
    )
    effect = int(rows["pot_effect"].iloc[0])
    printed = words.decimal(words.Fraction(effect, MILLION), 1)
    text = _told(built, "ky-son", printed)
    assert f"{words.decimal(effect)} đồng, in làm tròn thành +{printed} triệu đồng" in text


def test_a_sum_made_in_the_brief_is_not_claimed_to_be_published(
    ky_son: NotebookNode, shipped_brief: Brief
) -> None:
    """A counterpart over all lines has no cell; the rows that add up to it are named."""
    rows = shipped_brief.table("counterpart_by_district").rows(district_code=KY_SON)
    rows = rows[rows["line"] != "total"]
    total = int(rows["district_budget"].sum())
    said = words.money(total).removesuffix(" đồng")
    (place,) = (p for p in printed_places(ky_son) if "đối ứng" in p.text and p.number.text == said)
    behind = _answer(place, shipped_brief)
    assert behind.found == ()
    (found,) = behind.sums
    assert (found.column, found.rows, found.value) == ("district_budget", len(rows), total)
    assert found.where == (("district", "Kỳ Sơn"),)


def test_a_row_of_sums_is_not_taken_for_the_total(
    province: NotebookNode, shipped_brief: Brief
) -> None:
    """Where the districts get all of a project, their row is still no published row."""
    (place,) = (
        place
        for place in printed_places(province)
        if place.cell and place.cell.key == "DA5" and place.cell.row[0].startswith("Huyện")
    )
    behind = _answer(place, shipped_brief, "Toàn tỉnh")
    assert behind.found == ()
    assert behind.sums[0].where == (("level", "district"),)


def test_two_columns_of_one_row_may_give_a_number(
    built: tuple[Path, Mapping[str, Any]], shipped_brief: Brief
) -> None:
    """All who escaped poverty are two published columns together; both are named."""
    rows = shipped_brief.table("flows").rows(kind="poor", area_code="province")
    row = rows[rows["year"] == rows["year"].max()].iloc[0]
    text = _told(built, "provincial-brief", f"{words.count(row['changed'] + row['above'])} hộ")
    assert "Hai cột của cùng một dòng cho đúng số này" in text
    changed, above = words.count(row["changed"]), words.count(row["above"])
    assert f"cột changed (Chuyển sang loại kia) {changed} + cột above (" in text
    assert above in text


def test_a_share_that_no_table_holds_is_said_to_be_computed(
    ky_son: NotebookNode, shipped_brief: Brief, built: tuple[Path, Mapping[str, Any]]
) -> None:
    """Where nothing fits, the tables behind the sentence are told, and no cell is claimed."""
    (place,) = (
        p
        for p in printed_places(ky_son)
        if "góp" in p.text and p.number.kind == "percent" and p.near.find(f"({p.number.text})") >= 0
        and p.number.decimals == 1
    )  # fmt: skip
    assert _answer(place, shipped_brief).found == ()
    text = _told(built, "ky-son", place.number.text)
    assert "không có ô nào khớp: số được tính" in text
    assert "tables/rate_moves.csv" in text


def test_a_number_typed_by_hand_is_no_published_one(
    built: tuple[Path, Mapping[str, Any]],
) -> None:
    """Prose of the notebook itself is said to be typed, and leads to no table."""
    text = _told(built, "ky-son", "4.321")
    assert "viết tay trong sổ" in text
    assert "BẢNG CÔNG BỐ" not in text


def test_tables_before_a_table_bring_their_files(built: tuple[Path, Mapping[str, Any]]) -> None:
    """The risks were made from five tables; the files of each of them stand behind a risk."""
    reports = Reports(*built)
    before = reports.tables_before("risks")
    assert set(before) == {
        *("capital_by_district", "capital_by_project", "data_checks", "rules_in_force", "targets"),
    }
    files = set(reports.inputs("risks"))
    for name in before:
        table = reports.table(name)
        assert table
        assert set(table.inputs) <= files
    assert reports.analysis("targets")
    assert not reports.tables_before("targets")


def test_what_changed_after_the_build_is_said(
    built: tuple[Path, Mapping[str, Any]], tmp_path: Path
) -> None:
    """A changed or missing data file, an edited table, an edited notebook: each is said."""
    target, manifest = built
    copied = tmp_path / "nghe-an-2024"
    shutil.copytree(target, copied)
    edited = copied / "tables" / "capital_by_district.csv"
    kept = edited.read_text(encoding="utf-8")
    edited.write_text(kept.replace("thị xã", "thị trấn"), encoding="utf-8")
    inputs = manifest["inputs"]
    changed = {**manifest, "inputs": {**inputs, "data/nghe-an-2024/poverty.csv": "0" * 64}}
    text = _told((copied, changed), "ky-son", "126,693 tỷ")
    assert "poverty.csv (SHA-256 000000000000…, ĐÃ ĐỔI sau lần dựng" in text
    assert "CHÚ Ý: bảng này ĐÃ BỊ SỬA sau lần dựng." in text
    assert "notebooks/districts/ky-son.ipynb ĐÃ BỊ SỬA" not in text
    edited.write_text(kept.replace(",", ";"), encoding="utf-8")
    broken = _told((copied, changed), "ky-son", "126,693 tỷ")
    assert "tables/capital_by_district.csv: không còn, hoặc không đọc được nữa" in broken
    assert Reports(copied, changed).input_file("data/nghe-an-2024/mất.csv").state == "gone"


def test_publishers_are_read_off_the_manifest_too(built: tuple[Path, Mapping[str, Any]]) -> None:
    """A table that a notebook publishes by a computed name is known where the manifest has it."""
    target, manifest = built
    jobs = [
        {**job, "publishes": ["lạ"]} if job["name"] == "01-data-check" else job
        for job in manifest["jobs"]
    ]
    analysis = Reports(target, {**manifest, "jobs": jobs}).analysis("lạ")
    assert analysis
    assert analysis.notebook == "notebooks/01-data-check.ipynb"


def test_published_tables_are_read_off_an_analysis() -> None:
    """Names pass on what they were read from; a line that is no Python is passed over."""
    made = published_by(
        [
            'flows, rates = desk.table("flows"), desk.table("poverty_rates")\n%matplotlib inline',
            'flows, rates = desk.table("flows"), desk.table("poverty_rates")\nboth = join(flows)',
            'desk.publish("risks", main_risks(both), rows=3)',
            'desk.publish("targets", progress(desk.plan))',
        ]
    )
    assert made == {"risks": frozenset({"flows"}), "targets": frozenset()}


def test_tables_behind_a_sentence_are_read_off_its_code() -> None:
    """Functions that a cell calls are followed, properties of the brief too."""
    cell = "Text(narrative.district_capital_sentence(brief, code))"
    assert "capital_by_district" in tables_behind(cell)
    assert "flows" not in tables_behind(cell)
    assert tables_behind('Text(str(brief.table("risks").frame))') == ("risks",)
    assert tables_behind("Text(str(brief.year))") == ("plan_facts",)
    assert tables_behind("%%time\n1") == ()


def test_a_number_that_is_not_printed_gets_near_ones(
    built: tuple[Path, Mapping[str, Any]],
) -> None:
    """The message names numbers that look alike, and the right sign or unit where only that is."""
    with pytest.raises(NotPrinted, match=r"không in số “126,639”.*126,693 tỷ"):
        _told(built, "ky-son", "126,639")
    with pytest.raises(NotPrinted, match="gần giống có in: 126,693 tỷ"):
        _told(built, "ky-son", "126,693%")


def test_withheld_numbers_are_not_traced(built: tuple[Path, Mapping[str, Any]]) -> None:
    """“…” is answered with why it is withheld and which tables do so, never with a number."""
    for typed in (SUPPRESSED, "..."):
        with pytest.raises(NotPrinted, match="không công bố") as refused:
            _told(built, "provincial-brief", typed)
        assert "Bảng giấu số: 1 ô" in str(refused.value)


def test_many_places_are_told_in_part_unless_all_are_asked_for(
    built: tuple[Path, Mapping[str, Any]],
) -> None:
    """A number that stands everywhere is cut short, and the message says how to see the rest."""
    short, whole = _told(built, "ky-son", "0"), _told(built, "ky-son", "0", every=True)
    assert "thêm --all để xem hết" in short
    assert "thêm --all" not in whole
    assert len(whole) > len(short)


@pytest.fixture
def project(
    built: tuple[Path, Mapping[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return a project folder with these reports, for the command line."""
    target, manifest = built
    shutil.copytree(ROOT / "params", tmp_path / "params")
    shutil.copytree(target, tmp_path / "reports" / "nghe-an-2024")
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))

    def read(folder: Path) -> Mapping[str, Any]:
        return manifest if folder.is_dir() else {}

    monkeypatch.setattr(manifests, "read", read)
    return tmp_path


def test_the_command_answers(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name of two words and a number with a unit need no quotation marks."""
    assert cli.run_here(["trace", "Kỳ", "Sơn", "126,693", "tỷ", "--all"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Số “126,693 tỷ” trong Bản tóm tắt huyện: Kỳ Sơn")
    assert "data/nghe-an-2024/poverty.csv" in out
    assert "KHÔNG CÒN ở chỗ cũ" in out


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (["ky-son"], "nêu bản tóm tắt và số cần tra"),
        ([], "nêu bản tóm tắt và số cần tra"),
        (["ky-som", "1"], "Có phải là ky-son?"),
        (["ky-son", "987.654"], "không in số “987.654”"),
        (["provincial-brief", "…"], "là số không công bố"),
        (["ky-son", "12abc"], "không hiểu “abc”"),
        (["ky-son", "1", "--pln", "x"], "Có phải là --plan?"),
        (["ky-son", "1", "--plan", "params/mới.yaml"], "không có tệp kế hoạch"),
    ],
)
def test_the_command_refuses_with_one_clear_message(
    project: Path, capsys: pytest.CaptureFixture[str], said: list[str], message: str
) -> None:
    """What cannot be answered ends with code 2 and a sentence, without a traceback."""
    assert cli.run_here(["trace", *said]) == 2
    out = capsys.readouterr().out
    assert message in out
    assert out.startswith("Lỗi: ")


def test_without_a_build_there_is_nothing_to_trace(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first build the planner is told to run it."""
    shutil.rmtree(project / "reports")
    assert cli.run_here(["trace", "ky-son", "1"]) == 2
    assert "chưa có bản dựng nào dùng được; chạy make trước" in capsys.readouterr().out


@pytest.fixture(scope="module")
def english(built: tuple[Path, Mapping[str, Any]], shipped_brief: Brief) -> dict[str, Any]:
    """Add a brief of Kỳ Sơn in English, one table of it in the workbook alone, and a commune's."""
    target, manifest = built
    with in_language(shipped_brief, "en") as brief:
        spoken = _notebook(
            ("brief.header(subject)", brief.header("Capital of Kỳ Sơn")),
            "## I. Vốn",
            "## I. Capital",
            ("narrative.district_numbers(brief, code)", narrative.district_numbers(brief, KY_SON)),
            (
                "tables.district_capital_table(brief, code)",
                tables.district_capital_table(brief, KY_SON),
            ),
            ("tables.rates_table(brief, code)", tables.rates_table(brief, KY_SON)),
        )
    for cell, tag in zip(spoken.cells[1:], ("vi", "en", "", "", "only_excel"), strict=True):
        cell.metadata["tags"] = [tag] if tag else []
    row = shipped_brief.table("commune_rates").records("unit", "unit_code", district_code=KY_SON)[0]
    code = row["unit_code"]
    sheet = _notebook(
        ("narrative.commune_header(brief, code)", narrative.commune_header(shipped_brief, code)),
        ("narrative.commune_numbers(brief, code)", narrative.commune_numbers(shipped_brief, code)),
    )
    (target / "notebooks" / "communes").mkdir()
    nbformat.write(spoken, target / "notebooks" / "districts" / "ky-son.en.ipynb")
    nbformat.write(sheet, target / "notebooks" / "communes" / f"xa-{code}.ipynb")
    made = [
        (
            "districts/ky-son.en",
            "Bản tóm tắt huyện: Kỳ Sơn (tiếng Anh)",
            {"district": "Kỳ Sơn", "language": "en"},
        ),
        (f"communes/xa-{code}", f"Phiếu xã: {row['unit']}, Kỳ Sơn", {"commune": code}),
    ]
    more = [
        {"name": n, "label": label, "notebook": "x", "parameters": given, "renders": [f"{n}.html"]}
        for n, label, given in made
    ]
    return {**manifest, "jobs": [*manifest["jobs"], *more], "commune": code}


@pytest.mark.parametrize(
    ("said", "digits", "kind", "scale"),
    [
        ("603,736", "603736", "", 1),
        ("4.16%", "4,16", "percent", 1),
        ("VND 603.736 billion", "603,736", "money", 10**9),
        ("36,703 households", "36703", "count", 1),
        ("1.02 pp", "1,02", "percent", 1),
        ("-1.2 percentage points", "1,2", "percent", 1),
    ],
)
def test_english_numbers_are_read_as_printed_and_as_typed(
    said: str, digits: str, kind: str, scale: int
) -> None:
    """A comma parts thousands, a point decimals; units and the currency are the English ones."""
    (printed,) = numbers_in(f"On 31 December: {said}, as was due.", "en")
    typed = asked_number(said, "en")
    for number in (printed, typed):
        assert (number.text, number.digits) == (said, digits)
        assert (number.kind, number.scale) == (kind, scale)
    assert printed.is_same(typed)


def test_a_brief_is_asked_about_in_its_own_language(
    built: tuple[Path, Mapping[str, Any]], english: dict[str, Any]
) -> None:
    """The name "ky-son.en" is the English one, read by its signs; "ky-son" stays Vietnamese."""
    briefs = Reports(built[0], english).briefs
    for typed, name, digits in (
        ("ky-son.en 126,693", "districts/ky-son.en", "126693"),
        ("Kỳ Sơn.en VND 126.693 billion", "districts/ky-son.en", "126,693"),
        ("ky-son.en.pdf 126.693", "districts/ky-son.en", "126,693"),
        ("ky-son 126.693", "districts/ky-son", "126693"),
        ("Kỳ Sơn 126,693 tỷ", "districts/ky-son", "126,693"),
        ("ky-son.html 126,693", "districts/ky-son", "126,693"),
    ):
        job, number = brief_asked(typed.split(), briefs)
        assert (job["name"], number.digits) == (name, digits), typed
    with pytest.raises(NotANumber, match="không hiểu “billion”"):
        brief_asked(["ky-son", "126.693", "billion"], briefs)
    with pytest.raises(NoSuchBrief, match=r"không có bản tóm tắt “provincial-brief\.en”"):
        brief_asked(["provincial-brief.en", "1"], briefs)


def test_an_english_brief_is_traced_in_vietnamese(
    built: tuple[Path, Mapping[str, Any]], english: dict[str, Any], shipped_brief: Brief
) -> None:
    """Key figures and cells worded in English lead to the same published cells."""
    row = shipped_brief.table("district_lines").one(district_code=KY_SON, line="DA2")
    printed = f"{row['total'] // MILLION:,}"
    text = _told((built[0], english), "ky-son.en", printed)
    assert "Table 1. Capital given to Kỳ Sơn in 2024 [I. Capital]: in là" in text
    assert "Dòng: DA2 – Diversified livelihoods" in text
    assert "tables/district_lines.csv, cột total (Tổng số)" in text
    assert "Mã huyện 417 (Kỳ Sơn); Mã DA2 (Đa dạng hóa sinh kế)" in text
    total = _told((built[0], english), "ky-son.en", "VND", "126.693", "billion")
    assert "Số liệu chính ở đầu bản: in là “VND 126.693 billion”" in total
    assert "tables/capital_by_district.csv, cột total (Tổng số)" in total
    assert "126.693.000.000 đồng, bằng đúng 126,693 tỷ đồng" in total


def test_a_table_of_the_workbook_alone_is_traced_too(
    built: tuple[Path, Mapping[str, Any]], english: dict[str, Any], shipped_brief: Brief
) -> None:
    """What stands only in Excel is found, and said to stand there alone."""
    first = shipped_brief.table("poverty_rates").rows(area_code=KY_SON).iloc[0]
    text = _told((built[0], english), "ky-son.en", f"{first['poor_households']:,}")
    assert ", chỉ có trong tệp Excel: in là" in text
    assert "tables/poverty_rates.csv, cột poor_households (Số hộ nghèo)" in text


def test_a_commune_sheet_speaks_of_its_commune(
    built: tuple[Path, Mapping[str, Any]], english: dict[str, Any], shipped_brief: Brief
) -> None:
    """A key figure that names no place is that of the sheet's commune, by code or by name."""
    code = english["commune"]
    row = shipped_brief.table("commune_rates").one(unit_code=code)
    number = f"{words.count(row['poor_households'])} hộ"
    for name in (code, f"xa-{code}", row["unit"]):
        text = _told((built[0], english), *name.split(), *number.split())
        assert "tables/commune_rates.csv, cột poor_households (Số hộ nghèo)" in text
        assert f"Mã xã {code} ({row['unit']})" in text
