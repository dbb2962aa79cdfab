"""The official plan: its sentences, its seven projects, its numbers, and the form it takes."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4
from project_samples import PLAN, copy_project

from helpers import words
from helpers.brief import narrative, tables
from helpers.brief.blocks import MIME
from helpers.brief.document import Document, tree
from helpers.brief.exporters import document_from_notebook
from helpers.brief.markdown import plain
from helpers.brief.narrative.plan_words import ended, items, lettered
from helpers.brief.reader import Brief
from helpers.brief.table import Table
from helpers.data.plan_facts import plan_facts
from helpers.data.plan_texts import plan_texts
from helpers.data.published import publish
from helpers.plan.loading import load_plan
from helpers.plan.model import Plan
from helpers.text import nfc

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "briefs" / "provincial-plan.ipynb"
PROJECTS = ("DA1", "DA2", "DA3", "DA4", "DA5", "DA6", "DA7")


@pytest.fixture(scope="module")
def bare(
    shipped_plan: Plan, shipped_brief: Brief, tmp_path_factory: pytest.TempPathFactory
) -> Brief:
    """Return the brief of a plan from before there were texts in plans."""
    old = shipped_plan.model_copy(update={"plan_text": None})
    output = tmp_path_factory.mktemp("bare")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELPERS_OUTPUT", str(output))
        publish("plan_facts", plan_facts(old), old.id)
        publish("plan_texts", plan_texts(old), old.id)
    without = Brief(old.id, output)
    own = {name: without.table(name) for name in ("plan_facts", "plan_texts")}
    return Brief(old.id, shipped_brief.output, own)


@pytest.fixture(scope="module")
def executed(shipped_brief: Brief) -> Any:
    """Return the plan's notebook with the outputs of its cells, run on the shipped tables."""
    content = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    known: dict[str, Any] = {}
    cells = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELPERS_OUTPUT", str(shipped_brief.output))
        for cell in content["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                cells.append(v4.new_markdown_cell(source, metadata=cell["metadata"]))
                continue
            *lines, last = ast.parse(source).body
            if not isinstance(last, ast.Expr):
                lines.append(last)
            exec(compile(ast.Module(lines, []), "cell", "exec"), known)
            made = v4.new_code_cell(source, metadata=cell["metadata"])
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "cell", "eval"), known)
                made.outputs = [v4.new_output("display_data", data={MIME: value.to_json()})]
            cells.append(made)
    return v4.new_notebook(cells=cells, metadata=content["metadata"])


@pytest.fixture(scope="module")
def document(executed: Any) -> Document:
    """Return the plan as it is printed."""
    return document_from_notebook(executed, form="pdf")


def _headings(nodes: list[dict[str, Any]], level: int) -> list[str]:
    return [
        plain(node["spans"])
        for node in nodes
        if node["type"] == "heading" and node["level"] == level
    ]


def _sections(text: str) -> dict[str, str]:
    """Return the text below each heading of the third level, by the heading."""
    parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _last_column(table: Table) -> int:
    amounts = [row.cells[-1] for row in table.rows]
    return sum(amount for amount in amounts if isinstance(amount, int))


def test_the_shipped_plan_has_its_texts(shipped_plan: Plan) -> None:
    """Bases, goal, seven groups of measures, duties, and a text for every line, NFC throughout."""
    text = shipped_plan.plan_text
    assert text
    assert (text.kind, text.symbol) == ("Kế hoạch", "KH-UBND")
    assert text.bases[0].text.startswith("Quyết định số 90/QĐ-TTg")
    assert len(text.measures) == 7
    assert set(text.projects) == {line.code for line in shipped_plan.lines}
    assert all(one.lead for code, one in text.projects.items() if code != "DA1-TDA2")
    told = plan_texts(shipped_plan).frame
    assert all(nfc(said) == said for said in told["text"])


def test_what_is_not_checked_is_marked(shipped_plan: Plan) -> None:
    """Every sentence of the plan carries its trust, and a table drawn from them says so."""
    told = plan_texts(shipped_plan)
    assert set(told.frame.loc[told.frame["part"] != "note", "status"]) == {
        "nguồn thứ cấp",
        "chưa kiểm chứng",
    }
    assert told.marks == ("unverified", "secondary")
    known = told.frame[(told.frame["part"] == "indicator") & (told.frame["target"] != "")]
    assert list(known["target"]) == ["43"]


def test_an_older_plan_file_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan file without the key for texts, as it was before, is still a plan."""
    path = copy_project(tmp_path, monkeypatch) / PLAN
    text = path.read_text(encoding="utf-8")
    older = re.sub(r"^plan_text:\n(?:(?: .*)?\n)+", "", text, flags=re.MULTILINE)
    assert "  measures:" in text
    assert "  measures:" not in older
    path.write_text(older, encoding="utf-8")
    assert load_plan(path).plan_text is None


def test_english_names_are_published(shipped_plan: Plan) -> None:
    """What a plan gives as English of its own names is a group of the plan's facts."""
    plan = shipped_plan.model_copy(update={"english": {"Dinh dưỡng": "Nutrition"}})
    facts = plan_facts(plan).frame
    rows = facts[facts["group"] == "english"]
    assert rows[["code", "value"]].to_numpy().tolist() == [["Dinh dưỡng", "Nutrition"]]


def test_each_project_has_its_section_with_its_capital(shipped_brief: Brief) -> None:
    """Seven sections in order; each says its capital, and its sub-projects' capital adds up."""
    sections = _sections(narrative.plan_projects(shipped_brief))
    table = shipped_brief.table("capital_by_project")
    rows = {row["code"]: row for row in table.records()}
    assert len(sections) == len(PROJECTS)
    for number, (code, (heading, text)) in enumerate(
        zip(PROJECTS, sections.items(), strict=True), start=1
    ):
        assert heading == f"{number}. Dự án {number}: {rows[code]['name']}"
        assert f"**{words.money(rows[code]['total'])}**" in text
        parts = [row for row in rows.values() if row["code"].startswith(f"{code}-")]
        said = re.findall(r"^- Tiểu dự án \d: ([\d.,]+ \w+ đồng)[;.]$", text, re.MULTILINE)
        assert said == [words.money(row["total"]) for row in parts if row["total"]]
        assert not parts or sum(row["total"] for row in parts) == rows[code]["total"]
        letters = re.findall(r"^([a-zđ])\) ", text, re.MULTILINE)
        assert letters == list("abcdđ")


def test_a_line_without_capital_says_why(shipped_brief: Brief) -> None:
    """A sub-project that gets nothing stands in its place, with the plan's own reason."""
    sections = _sections(narrative.plan_projects(shipped_brief))
    first = next(iter(sections.values()))
    assert "Tiểu dự án 2: không bố trí vốn (Nghệ An không có huyện thuộc danh mục" in first


def test_units_are_named_with_what_they_get(shipped_brief: Brief) -> None:
    """Few districts are all named, of many the largest; agencies of the province stand apart."""
    sections = list(_sections(narrative.plan_projects(shipped_brief)).values())
    rows = shipped_brief.table("capital_by_district_project").frame
    largest = rows[rows["level"] == "district"].sort_values("DA5", ascending=False)
    assert f"bốn huyện ({largest['district'].iloc[0]} " in sections[4]
    assert "21 huyện, thành phố, thị xã (nhiều nhất là " in sections[1]
    assert "chia tiếp đến 460 xã, phường, thị trấn" in sections[1]
    agency = rows[rows["level"] == "agency"].iloc[0]
    assert f"cấp tỉnh có {agency['district']} {words.money(int(agency['DA4']))}" in sections[3]


def test_who_leads_is_told_once_or_by_sub_project(shipped_brief: Brief) -> None:
    """One lead for all is named plainly; where two lead, each with the part that it leads."""
    sections = list(_sections(narrative.plan_projects(shipped_brief)).values())
    assert "đ) Cơ quan chủ trì: Sở Lao động - Thương binh và Xã hội; cơ quan" in sections[3]
    assert "nông thôn (Tiểu dự án 1) và Sở Y tế (Tiểu dự án 2)" in sections[2]


def test_the_total_is_said_in_figures_and_in_words(shipped_brief: Brief) -> None:
    """The capital stands in tỷ, in words, and by source and type, each adding up to it."""
    said = narrative.plan_total(shipped_brief)
    assert "**603,736 tỷ đồng** (Bằng chữ: Sáu trăm linh ba tỷ" in said
    by_source, by_type = re.findall(r"^[ab]\) (.+)$", said, re.MULTILINE)
    for part in (by_source, by_type):
        amounts = re.findall(r"([\d.,]+) tỷ đồng", part)
        assert sum(round(float(one.replace(",", ".")) * 1000) for one in amounts) == 603_736


def test_capital_by_source_and_type_adds_up(shipped_brief: Brief) -> None:
    """Each project's cells make its total, each column's rows the last row."""
    table = tables.plan_sources_table(shipped_brief)
    numbers = [[cell for cell in row.cells if isinstance(cell, int)] for row in table.rows]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)
    *projects, whole = numbers
    assert [sum(column) for column in zip(*projects, strict=True)] == whole
    assert whole[-1] == 603_736 * 10**6


def test_goals_are_lettered_and_lead_to_the_annex(shipped_brief: Brief) -> None:
    """Each group's cut is said with the rates before and after; the last point names the annex."""
    points = narrative.plan_targets(shipped_brief).split("\n\n")
    assert points[0] == (
        "a) Tỷ lệ hộ nghèo toàn tỉnh giảm 1–1,5 điểm phần trăm, từ 5,18% cuối năm 2023 xuống còn"
        " 3,68–4,18% cuối năm 2024;"
    )
    assert [point[:3] for point in points] == ["a) ", "b) ", "c) ", "d) ", "đ) ", "e) "]
    assert points[-1].endswith("tại Phụ lục I.")


def test_the_annex_of_targets_has_the_groups_and_every_district(shipped_brief: Brief) -> None:
    """Targets of the groups stand above those of all 21 districts, whose group is named."""
    table = tables.plan_targets_table(shipped_brief)
    levels = [row.level for row in table.rows]
    assert levels == ["group"] * 5 + ["normal"] * shipped_brief.districts
    cells = {row.cells[0]: row.cells for row in table.rows}
    assert "Đồng bằng" in cells["Yên Thành"]
    assert "Đồng bằng" not in cells["Vinh"]


def test_results_stand_only_where_there_are_any(shipped_brief: Brief) -> None:
    """A plan that nothing has been measured of yet has goals, and no section about results."""
    assert narrative.plan_results(shipped_brief, "### 1. Kết quả").startswith(
        "### 1. Kết quả cuối năm 2024\n"
    )
    table = shipped_brief.table("targets")
    frame = table.frame.assign(cut=None, current_year=2023)
    other = type(table)(table.name, frame, table.title, table.marks, table.inputs, table.spec)
    brief = Brief(shipped_brief.plan_id, shipped_brief.output, {"targets": other})
    assert narrative.plan_results(brief, "### 1. Kết quả") == ""
    assert not tables.plan_results_table(brief, "### 2. Kết quả").blocks
    assert narrative.plan_targets(brief) == narrative.plan_targets(shipped_brief)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, "cao hơn mức quy định"),
        ({"planned": 0}, "thấp hơn mức quy định"),
        (None, "không quy định vốn đối ứng"),
    ],
)
def test_counterpart_reads_for_more_less_and_none(
    shipped_brief: Brief, change: dict[str, int] | None, wanted: str
) -> None:
    """What local budgets add is compared with what they must, or said not to be ruled."""
    table = shipped_brief.table("counterpart")
    frame = table.frame.assign(**change) if change is not None else table.frame.iloc[:0]
    other = type(table)(table.name, frame, table.title, table.marks, table.inputs, table.spec)
    brief = Brief(shipped_brief.plan_id, shipped_brief.output, {"counterpart": other})
    assert wanted in narrative.plan_counterpart(brief)


def test_a_plan_without_texts_still_makes_its_document(bare: Brief) -> None:
    """An older plan file has its computed parts; what it does not say is said to be missing."""
    header = narrative.plan_header(bare)
    assert (header.kind, header.symbol) == ("Kế hoạch", "KH-UBND")
    assert header.bases == tuple(bare.facts("base").values())
    assert narrative.plan_goal(bare) == "Kế hoạch chưa ghi mục tiêu chung."
    assert narrative.plan_measures(bare) == "Tệp kế hoạch chưa ghi giải pháp."
    assert narrative.plan_duties(bare) == "Tệp kế hoạch chưa ghi phân công nhiệm vụ."
    assert "phản ánh về Ủy ban nhân dân tỉnh Nghệ An xem xét" in narrative.plan_closing(bare)
    assert not tables.plan_trust_table(bare).blocks
    sections = _sections(narrative.plan_projects(bare))
    assert all(re.findall(r"^([a-zđ])\) ", text, re.M) == ["a", "b"] for text in sections.values())


def test_the_workbook_has_every_unit(shipped_brief: Brief) -> None:
    """Every share of every unit, and every commune's capital and households, with their sums."""
    rounding = shipped_brief.table("rounding").frame
    shares = [part for part in tables.all_shares(shipped_brief).parts() if isinstance(part, Table)]
    assert [len(table.rows) for table in shares] == list(
        rounding["level"].value_counts()[["district", "commune"]]
    )
    assert sum(map(_last_column, shares)) == rounding["amount"].sum()
    (capital,) = tables.all_communes_capital(shipped_brief).parts()
    (poor,) = tables.all_communes_poor(shipped_brief).parts()
    assert isinstance(capital, Table)
    assert isinstance(poor, Table)
    assert len(capital.rows) == len(poor.rows) == 460
    lines = shipped_brief.table("commune_lines").frame
    assert _last_column(capital) == lines["amount"].sum()


def test_the_form_is_that_of_a_plan(document: Document) -> None:
    """Head, bases, six sections, annexes I to IV, signature, and "./." where the text ends."""
    told = tree(document)
    assert told["head"]["kind"] == "Kế hoạch"
    assert told["head"]["symbol"] == "KH-UBND"
    assert [base[:7] for base in told["head"]["bases"]] == ["Căn cứ "] * 4
    assert told["head"]["bases"][-1].endswith("2021 - 2025.")
    numerals = [heading.split(".")[0] for heading in _headings(told["body"], 2)]
    assert numerals == ["I", "II", "III", "IV", "V", "VI"]
    labels = [annex[0]["label"] for annex in told["annexes"]]
    assert labels == ["Phụ lục I", "Phụ lục II", "Phụ lục III", "Phụ lục IV"]
    assert all(
        "Kèm theo Kế hoạch số …/KH-UBND" in annex[0]["attached"] for annex in told["annexes"]
    )
    assert plain(told["body"][-1]["spans"]).endswith("xem xét, giải quyết./.")
    assert told["foot"]["position"] == "Chủ tịch"


def test_headings_count_without_a_gap(document: Document) -> None:
    """Below each section and annex headings are numbered 1, 2, 3, and none says the same twice."""
    told = tree(document)
    for part in (told["body"], *told["annexes"]):
        number = 0
        for node in part:
            if node["type"] != "heading":
                continue
            if node["level"] == 2:
                number = 0
                continue
            number += 1
            assert plain(node["spans"]).startswith(f"{number}. ")
    body = _headings(told["body"], 3)
    assert len(set(body)) == len(body)


def test_no_sentence_stands_twice(document: Document) -> None:
    """No paragraph repeats another; only points a), b), c) of two projects may say the same."""
    told = tree(document)
    paragraphs = [
        plain(node["spans"])
        for part in (told["body"], *told["annexes"])
        for node in part
        if node["type"] == "paragraph"
    ]
    whole = [said for said in paragraphs if not re.match(r"[a-zđ]\) ", said)]
    assert len(whole) > 20
    assert len(set(whole)) == len(whole)


def test_the_detail_of_all_units_is_the_workbooks_alone(executed: Any, document: Document) -> None:
    """The tables of all communes and shares stand in the workbook and in no other form."""
    workbook = document_from_notebook(executed, form="excel")

    def titles(of: Document) -> list[str]:
        parts = (part for block in of.blocks for part in block.parts())
        return [part.title for part in parts if isinstance(part, Table)]

    more = [title for title in titles(workbook) if title not in titles(document)]
    assert len(more) == 4
    assert titles(document) == [title for title in titles(workbook) if title not in more]


def test_points_end_as_a_document_has_them() -> None:
    """List items end with semicolons and a stop, sentences with stops; no letter is skipped."""
    assert items(["một", "hai;"]) == "- một;\n- hai."
    assert items(["Một.", "Hai."]) == "- Một.\n- Hai."
    assert ended("xong ;.") == "xong."
    assert list(lettered(["x", "", "y"])) == ["a) x", "b) y"]
