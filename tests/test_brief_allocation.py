"""How the briefs tell an allocation: who gets what, by which rule, by which coefficient."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from helpers.brief import narrative, tables
from helpers.brief.blocks import Series, Text
from helpers.brief.reader import Brief
from helpers.brief.table import Table
from helpers.data.catalogue import TableSpec
from helpers.data.published import Published

MILLION = 10**6


def _with(brief: Brief, **frames: pd.DataFrame) -> Brief:
    """Return the brief with some tables as given, whether or not the fixture publishes them."""
    made = {
        name: Published(name, frame, name, ("illustrative",), (), TableSpec(name, (), {}))
        for name, frame in frames.items()
    }
    return Brief(brief.plan_id, brief.output, {**brief._read, **made})


def _tables(series: Series) -> list[Table]:
    return [block for block in series.parts() if isinstance(block, Table)]


def _left(*rows: tuple[str, int]) -> pd.DataFrame:
    """Return a table of what is not allocated: reason and triệu đồng."""
    keys = {"line": "DA2", "source": "NSTW", "capital_type": "SN"}
    named = {"district_code": "", "district": ""}
    return pd.DataFrame(
        [keys | named | {"reason": why, "amount": much * MILLION} for why, much in rows]
    )


# Who gets what


def test_capital_goes_to_districts_communes_and_agencies(shipped_brief: Brief) -> None:
    """The parts of districts and agencies are said with their share, and add up to the plan."""
    said = narrative.placement_sentence(shipped_brief)
    matrix = shipped_brief.table("capital_by_district_project")
    for level in ("district", "agency"):
        amount = int(matrix.rows(level=level)["total"].sum())
        assert f"{amount / 10**9:.3f}".replace(".", ",") + " tỷ đồng (" in said
    assert "đã chia đến 460 xã, phường, thị trấn" in said
    assert "giao cho bốn sở, ngành (Sở Lao động - Thương binh và Xã hội 37,688 tỷ đồng" in said
    assert said.endswith("Không có khoản nào chưa phân bổ.")


def test_one_agency_is_named_and_none_is_not_mentioned(shipped_brief: Brief) -> None:
    """One agency is named at once; without agencies the sentence says nothing of them."""
    rows = shipped_brief.table("capital_by_district_project").frame
    one = rows[(rows["level"] != "agency") | (rows["district_code"] == "BDT")]
    said = narrative.placement_sentence(_with(shipped_brief, capital_by_district_project=one))
    assert "931 triệu đồng (0,2%) giao cho Ban Dân tộc." in said
    none = rows[rows["level"] != "agency"]
    brief = _with(shipped_brief, capital_by_district_project=none)
    assert "sở, ngành" not in narrative.placement_sentence(brief)
    assert "sở, ngành" not in tables.districts_table(brief).note
    assert "sở, ngành" in tables.districts_table(shipped_brief).note


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (
            [("dự phòng của tỉnh", 3_000)],
            "Còn **3 tỷ đồng** (0,5%) chưa phân bổ; lý do: dự phòng của tỉnh.",
        ),
        (
            [("dự phòng của tỉnh", 3_000), ("vượt mức trần", 200), ("dự phòng của tỉnh", 100)],
            "Còn **3,3 tỷ đồng** (0,5%) chưa phân bổ, gồm: dự phòng của tỉnh (3,1 tỷ đồng);"
            " vượt mức trần (200 triệu đồng).",
        ),
    ],
)
def test_what_is_left_is_said_with_its_reasons(
    shipped_brief: Brief, rows: list[tuple[str, int]], wanted: str
) -> None:
    """What nobody has been given stands in prose and in a table, each reason with its amount."""
    brief = _with(shipped_brief, not_allocated=_left(*rows))
    assert narrative.placement_sentence(brief).endswith(wanted)
    (table,) = _tables(tables.not_allocated_table(brief))
    assert [row[3:] for row in table.texts()] == [
        (why, f"{much:,}".replace(",", ".")) for why, much in rows
    ]


def test_nothing_left_is_no_table(shipped_brief: Brief) -> None:
    """Where everything is placed there is neither a table nor a row of what is left."""
    assert tables.not_allocated_table(shipped_brief) == Series()
    cells = [row.cells[0] for row in tables.matrix_table(shipped_brief).rows]
    assert "Chưa phân bổ" not in cells


def test_the_matrix_sets_off_what_is_left(shipped_brief: Brief) -> None:
    """What is not placed stands as a row of its own below the agencies, set off."""
    rows = shipped_brief.table("capital_by_district_project").frame
    *others, whole = rows.to_dict("records")
    left = whole | {"level": "unplaced", "district_code": "unplaced", "district": "Chưa phân bổ"}
    frame = pd.DataFrame([*others, left, whole])
    brief = _with(shipped_brief, capital_by_district_project=frame, not_allocated=_left(("x", 1)))
    table = tables.matrix_table(brief)
    assert [(row.cells[0], row.level) for row in table.rows[-2:]] == [
        ("Chưa phân bổ", "group"),
        ("Tổng cộng", "total"),
    ]
    assert "chưa phân bổ nêu tại mục II" in table.note


def test_lines_say_how_much_of_them_is_left(shipped_brief: Brief) -> None:
    """The annex of lines has a column for what is not placed only where there is any."""
    heads = [column.label for column in tables.lines_table(shipped_brief).columns]
    assert "Trong đó chưa phân bổ" not in heads
    frame = shipped_brief.table("capital_by_project").frame.assign(unplaced=MILLION)
    brief = _with(shipped_brief, capital_by_project=frame)
    heads = [column.label for column in tables.lines_table(brief).columns]
    assert "Trong đó chưa phân bổ" in heads


def test_each_agency_heads_its_lines(shipped_brief: Brief) -> None:
    """An agency's row carries its total and runs over the columns of names."""
    (table,) = _tables(tables.agencies_table(shipped_brief))
    heads = [row.cells for row in table.rows if row.level == "group"]
    published = shipped_brief.table("agency_lines").rows(line="total")
    assert [cells[0] for cells in heads] == list(published["agency"])
    assert [cells[-1] for cells in heads] == list(published["total"])
    none = shipped_brief.table("agency_lines").frame.head(0)
    assert tables.agencies_table(_with(shipped_brief, agency_lines=none)) == Series()


# By which rule


def _rules(brief: Brief, *given: tuple[str, str, int]) -> Brief:
    """Return the brief with rules of these basis, status and missing numbers, a line each."""
    frame = brief.table("rules_in_force").frame.head(len(given)).copy()
    frame["line"] = [f"DA{number}" for number in range(1, len(given) + 1)]
    for place, name in enumerate(("basis", "status", "missing")):
        frame[name] = [row[place] for row in given]
    return _with(brief, rules_in_force=frame)


def test_rules_are_grouped_by_basis_and_status(shipped_brief: Brief) -> None:
    """Lines that share a basis and a status stand in one item; missing numbers are counted."""
    decree, plan = "Nghị quyết số 9/2022/NQ-HĐND", "phương án của tỉnh"
    brief = _rules(
        shipped_brief,
        (decree, "đã đối chiếu", 0),
        (plan, "chưa kiểm chứng", 2),
        (decree, "đã đối chiếu", 0),
        (decree, "nguồn thứ cấp", 0),
    )
    assert re.findall(r"^- (.+)$", narrative.rules_list(brief), re.MULTILINE) == [
        f"DA1 và DA3: theo {decree} (**đã đối chiếu**).",
        f"DA2: theo {plan} (**chưa kiểm chứng**; còn 2 số chưa có).",
        f"DA4: theo {decree} (**nguồn thứ cấp**).",
    ]


def test_one_basis_for_all_is_a_sentence(shipped_brief: Brief) -> None:
    """Where every line rests on one text no list is made; without rules that is said."""
    said = narrative.rules_list(shipped_brief)
    assert "Mọi dự án, tiểu dự án được chia theo Phương án phân bổ của tỉnh" in said
    assert "**chưa kiểm chứng**" in said
    assert "\n" not in said
    none = shipped_brief.table("rules_in_force").frame.head(0)
    assert "Chưa có quy tắc" in narrative.rules_list(_with(shipped_brief, rules_in_force=none))


def test_the_rule_set_is_cited_with_file_and_period(shipped_brief: Brief) -> None:
    """Title, file and period of the rule set in force open the method note."""
    facts = shipped_brief.table("plan_facts").frame
    facts = facts[facts["group"] != "rules"]
    told = {"title": "Quy tắc năm 2024", "file": "params/rules/x.yaml", "from": "2024-01-01"}
    rows = [{"group": "rules", "code": code, "value": value} for code, value in told.items()]
    frame = pd.concat([facts, pd.DataFrame(rows)])
    said = narrative.rules_list(_with(shipped_brief, plan_facts=frame))
    assert said.startswith(
        "Năm 2024 áp dụng bộ quy tắc “Quy tắc năm 2024” (tệp params/rules/x.yaml), có hiệu lực từ"
        " ngày 01 tháng 01 năm 2024. "
    )
    ended = pd.concat(
        [frame, pd.DataFrame([{"group": "rules", "code": "to", "value": "2024-12-31"}])]
    )
    said = narrative.rules_list(_with(shipped_brief, plan_facts=ended))
    assert "đến ngày 31 tháng 12 năm 2024. " in said


def test_criteria_stand_line_by_line(shipped_brief: Brief) -> None:
    """Each criterion begins a line; bands within brackets stay together."""
    table = tables.rules_table(shipped_brief)
    at = [column.key for column in table.columns].index("criteria")
    (row,) = [row for row in table.rows if row.cells[0] == "DA2"]
    first, *_, last = str(row.cells[at]).split("\n")
    assert first.startswith("Mức độ nghèo (dưới 5%: 5 điểm; từ 5%")
    assert last.startswith("Nhân hệ số vùng (")


def test_the_second_stage_stands_under_its_line(shipped_brief: Brief) -> None:
    """Sharing among communes is a row below its line, whose code and status are not repeated."""
    table = tables.rules_table(shipped_brief)
    further = [row for row in table.rows if row.cells[0] == ""]
    assert [row.cells[1] for row in further] == ["Chia tiếp trong huyện"]
    assert further[0].cells[-1] == ""


def test_rounding_is_told_with_ties_and_bounds(shipped_brief: Brief) -> None:
    """How many amounts gained, tied or met a bound is said; what did not happen is not."""
    frame = shipped_brief.table("rounding").frame.head(4)
    plain = frame.assign(gained=[MILLION, 0, 0, 0], tied="không", bound="")
    said = narrative.rounding_sentence(_with(shipped_brief, rounding=plain))
    assert "Trong 4 số của huyện và xã: 1 số được cộng thêm theo cách này." in said
    bounds = ["mức sàn", "mức trần", "mức trần", "dưới mức giao tối thiểu"]
    other = plain.assign(tied="có", bound=bounds)
    said = narrative.rounding_sentence(_with(shipped_brief, rounding=other))
    assert (
        "1 số được cộng thêm theo cách này, 4 số có số dư bằng nhau, 1 số nâng lên mức sàn, 2 số"
        " giữ ở mức trần và 1 số không giao vì dưới mức tối thiểu." in said
    )


# By which coefficient


def _told(line: str, unit: str, *rows: tuple[str, str, str, str, str]) -> list[dict[str, Any]]:
    """Return the published coefficients of one unit: part, name, value, hit, points."""
    keys = {"line": line, "level": "district", "unit_code": unit, "unit": f"Huyện {unit}"}
    keys |= {"district_code": unit, "district": f"Huyện {unit}"}
    return [
        keys
        | {"order": order, "part": part, "name": name, "value": value, "hit": hit}
        | {"points": Decimal(points), **_sums(value, hit, part)}
        for order, (part, name, value, hit, points) in enumerate(rows, start=1)
    ]


def _sums(value: str, hit: str, part: str) -> dict[str, Decimal | None]:
    """Return ΣX and the percentage that the row of a coefficient carries."""
    if part != "total":
        return {"whole": None, "percent": None}
    whole, percent = value.partition("/")[2], hit.partition("%")[0]
    return {
        "whole": Decimal(whole.replace(",", ".")),
        "percent": Decimal(percent.replace(",", ".")),
    }


def _two_units(line: str) -> list[dict[str, Any]]:
    return [
        *_told(
            line,
            "412",
            ("criterion", "Mức độ nghèo", "1,4%", "dưới 5", "5"),
            ("criterion", "Hộ nghèo", "1.324 hộ", "0,01 điểm mỗi hộ", "13.24"),
            ("multiplier", "Hệ số vùng", "đồng bằng", "theo loại", "1"),
            ("total", "Hệ số", "18,24/90,24", "20,212766% của ΣX", "18.24"),
        ),
        *_told(
            line,
            "417",
            ("criterion", "Mức độ nghèo", "59,06%", "từ 45 trở lên", "60"),
            ("criterion", "Hộ nghèo", "0 hộ", "0,01 điểm mỗi hộ", "0"),
            ("multiplier", "Hệ số vùng", "vùng núi cao", "theo loại", "1.2"),
            ("total", "Hệ số", "72/90,24", "79,787234% của ΣX", "72"),
        ),
    ]


def _coefficients(brief: Brief, *rows: dict[str, Any]) -> Brief:
    return _with(brief, coefficients=pd.DataFrame(rows))


def test_lines_with_the_same_coefficients_share_a_table(shipped_brief: Brief) -> None:
    """Two lines shared alike stand in one table that names both and has both amounts."""
    brief = _coefficients(shipped_brief, *_two_units("DA4-TDA1"), *_two_units("DA4-TDA2"))
    (table,) = _tables(tables.coefficient_tables(brief))
    assert table.title == (
        "Hệ số của từng huyện: DA4-TDA1 (Giáo dục nghề nghiệp) và DA4-TDA2 (Đi làm việc ở nước"
        " ngoài)"
    )
    assert [column.label for column in table.columns[-2:]] == ["DA4-TDA1", "DA4-TDA2"]
    lines = shipped_brief.table("district_lines")
    vinh = [lines.one(line=line, district_code="412")["total"] for line in ("DA4-TDA1", "DA4-TDA2")]
    assert list(table.rows[0].cells[-2:]) == vinh


def test_lines_with_other_coefficients_stand_apart(shipped_brief: Brief) -> None:
    """One figure of difference, or one unit more, makes a table of its own."""
    other = _two_units("DA4-TDA2")
    other[0]["value"] = "1,5%"
    brief = _coefficients(shipped_brief, *_two_units("DA4-TDA1"), *other)
    assert len(_tables(tables.coefficient_tables(brief))) == 2
    fewer = _two_units("DA4-TDA2")[:4]
    brief = _coefficients(shipped_brief, *_two_units("DA4-TDA1"), *fewer)
    assert len(_tables(tables.coefficient_tables(brief))) == 2


def test_every_criterion_has_value_and_points(shipped_brief: Brief) -> None:
    """Under each criterion stand the value, its unit in the head, and the points; X closes."""
    brief = _coefficients(shipped_brief, *_two_units("DA2"))
    (table,) = _tables(tables.coefficient_tables(brief))
    assert [(*column.group, column.label) for column in table.columns] == [
        ("Huyện, thành phố, thị xã",),
        ("Mức độ nghèo", "Số liệu (%)"),
        ("Mức độ nghèo", "Điểm"),
        ("Hộ nghèo", "Số liệu (hộ)"),
        ("Hộ nghèo", "Điểm"),
        ("Hệ số vùng", "Số liệu"),
        ("Hệ số vùng", "Hệ số"),
        ("Hệ số X",),
        ("% của ΣX",),
        ("Số vốn (triệu đồng)",),
    ]
    first, second, total = table.texts()
    assert first[:9] == (
        *("Huyện 412", "1,40", "5", "1.324", "13,24", "đồng bằng", "1,0", "18,24", "20,21"),
    )
    assert second[:9] == (
        *("Huyện 417", "59,06", "60", "0", "0,00", "vùng núi cao", "1,2", "72,00", "79,79"),
    )
    assert total[:9] == ("Tổng cộng", "", "", "", "", "", "", "90,24", "100,00")
    assert "nhân với hệ số" in table.note


def test_one_criterion_is_not_said_twice(shipped_brief: Brief) -> None:
    """Where X is the points of the only criterion, these stand once."""
    rows = [
        *_told("DA5", "415", ("criterion", "Hộ cần nhà", "3 hộ", "", "3"), ("total",) + WHOLE[0]),
        *_told("DA5", "417", ("criterion", "Hộ cần nhà", "9 hộ", "", "9"), ("total",) + WHOLE[1]),
    ]
    (table,) = _tables(tables.coefficient_tables(_coefficients(shipped_brief, *rows)))
    labels = [column.label for column in table.columns]
    assert labels[1:4] == ["Số liệu (hộ)", "Hệ số X", "% của ΣX"]


WHOLE = (("Hệ số", "3/12", "25% của ΣX", "3"), ("Hệ số", "9/12", "75% của ΣX", "9"))


def test_a_class_shows_points_class_and_coefficient(shipped_brief: Brief) -> None:
    """Where points put units in classes, points and class stand side by side before X."""
    rows = [
        *_told(
            "DA5",
            "415",
            ("criterion", "Tỷ lệ nghèo", "50%", "từ 45", "2"),
            ("class", "Xếp loại", "2", "loại II (từ 2 đến dưới 3)", "3"),
            ("total",) + WHOLE[0],
        ),
        *_told(
            "DA5",
            "417",
            ("criterion", "Tỷ lệ nghèo", "70%", "từ 60", "4"),
            ("class", "Xếp loại", "4", "loại I (từ 3 trở lên)", "9"),
            ("total",) + WHOLE[1],
        ),
    ]
    (table,) = _tables(tables.coefficient_tables(_coefficients(shipped_brief, *rows)))
    assert table.texts()[1][1:7] == ("70", "4", "4", "loại I (từ 3 trở lên)", "9", "75,00")
    assert "xếp loại theo quy tắc" in table.note


def test_no_coefficients_is_a_sentence(shipped_brief: Brief) -> None:
    """Where nothing is shared by coefficients the annex says so."""
    none = shipped_brief.table("coefficients").frame.head(0)
    (said,) = tables.coefficient_tables(_with(shipped_brief, coefficients=none)).blocks
    assert isinstance(said, Text)
    assert said.markdown.startswith("Không có")


def test_the_annex_has_every_line_and_district(shipped_brief: Brief) -> None:
    """Every line that is shared by coefficients stands in one table, with all its districts."""
    rows = shipped_brief.table("coefficients").rows(level="district")
    found = _tables(tables.coefficient_tables(shipped_brief))
    titles = " ".join(table.title for table in found)
    for line in rows["line"].unique():
        assert len(re.findall(rf"\b{line} \(", titles)) == 1
        (table,) = [table for table in found if re.search(rf"\b{line} \(", table.title)]
        assert len(table.rows) == rows[rows["line"] == line]["unit_code"].nunique() + 1
    assert len(found) < rows["line"].nunique()


def test_amounts_beside_coefficients_add_up(shipped_brief: Brief) -> None:
    """The total under each line's amounts is what its districts get together."""
    for table in _tables(tables.coefficient_tables(shipped_brief)):
        for at, column in enumerate(table.columns):
            if column.kind == "money":
                *amounts, whole = [row.cells[at] for row in table.rows]
                assert sum(int(str(amount)) for amount in amounts) == whole


# One district


@pytest.mark.parametrize("code", ["412", "417"])
def test_a_worksheet_holds_every_line_and_its_total(shipped_brief: Brief, code: str) -> None:
    """Every line heads its criteria with its amount; the amounts add up to the district's."""
    table = tables.worksheet_table(shipped_brief, code)
    lines = shipped_brief.table("district_lines").rows(district_code=code)
    heads = {
        str(row.cells[0]).partition(".")[0]: row.cells[-1]
        for row in table.rows[:-1]
        if row.level == "group"
    }
    wanted = dict(zip(lines["line"], lines["total"], strict=True))
    whole = wanted.pop("total")
    assert heads == wanted
    assert table.rows[-1].cells[-1] == whole == sum(map(int, heads.values()))


def test_a_worksheet_can_be_followed(shipped_brief: Brief) -> None:
    """Value, band, points, factor, X and its part of ΣX stand line by line."""
    rows = tables.worksheet_table(shipped_brief, "417").texts()
    at = next(place for place, row in enumerate(rows) if row[0].startswith("DA2."))
    own = rows[at + 1 : at + 6]
    assert own[0][:4] == ("Mức độ nghèo", "59,06%", "từ 45% trở lên", "60")
    assert own[3][:4] == ("Nhân với hệ số vùng", "vùng núi cao", "theo loại", "1,2")
    assert own[4][0] == "Hệ số X"
    assert own[4][1].startswith("ΣX = ")


def test_what_was_given_by_name_is_said_beside_the_shares(shipped_brief: Brief) -> None:
    """An earmark is in the district's capital and in no pot's share: the note names it."""
    assert "đích danh" not in tables.shares_table(shipped_brief, "417").note
    pots = shipped_brief.table("pots").frame
    own = {"line": "DA2", "source": "NSTW", "capital_type": "SN", "order": 2, "kind": "earmark"}
    own |= {"name": "Cầu treo", "unit_code": "417", "unit": "Kỳ Sơn", "district_code": "417"}
    given = pd.concat([pots, pd.DataFrame([own | {"amount": 10**9}])])
    note = tables.shares_table(_with(shipped_brief, pots=given), "417").note
    assert note.endswith("Ngoài ra được giao đích danh: Cầu treo (DA2, NSTW, SN) 1.000.")


def test_what_has_no_coefficient_says_how_it_came(shipped_brief: Brief) -> None:
    """An earmark, or a line shared straight among communes, is said to be one."""
    rows = shipped_brief.table("coefficients").frame
    brief = _with(shipped_brief, coefficients=rows[~rows["line"].isin(["DA2", "DA5"])])
    said = [row.cells[2] for row in tables.worksheet_table(brief, "417").rows if row.cells[2]]
    assert "chia thẳng cho các xã" in said
    assert "khoản giao đích danh" in said


def test_shares_lead_from_the_pots_to_the_amounts(shipped_brief: Brief) -> None:
    """Each pot's exact share and what rounding added stand beside the amount."""
    table = tables.shares_table(shipped_brief, "417")
    keys = [column.key for column in table.columns]
    assert "bound" not in keys
    for row in table.rows:
        cells = dict(zip(keys, row.cells, strict=True))
        assert abs(Decimal(str(cells["exact"])) - int(str(cells["amount"]))) < MILLION
    bound = tables.shares_table(shipped_brief, "413")
    assert "Giới hạn" in [column.label for column in bound.columns]


@pytest.mark.parametrize("code", ["417", "428"])
def test_communes_stand_with_coefficient_and_amount(shipped_brief: Brief, code: str) -> None:
    """Every commune of the district has its row, and what they get adds up."""
    (table,) = _tables(tables.commune_tables(shipped_brief, code))
    rows = shipped_brief.table("commune_lines").rows(district_code=code)
    assert len(table.rows) == len(rows) + 1
    assert table.rows[-1].cells[-1] == rows["amount"].sum()


def test_no_communes_is_no_table(shipped_brief: Brief) -> None:
    """Where no rule goes to communes nothing is printed of them."""
    rows = shipped_brief.table("coefficients").rows(level="district")
    assert tables.commune_tables(_with(shipped_brief, coefficients=rows), "417") == Series()
