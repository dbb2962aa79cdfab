"""How the briefs tell what changed: since last year, within the year, and what to look at again."""

from __future__ import annotations

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
BILLION = 10**9


def _with(brief: Brief, **frames: pd.DataFrame) -> Brief:
    made = {
        name: Published(name, frame, name, ("illustrative",), (), TableSpec(name, (), {}))
        for name, frame in frames.items()
    }
    return Brief(brief.plan_id, brief.output, {**brief._read, **made})


def _tables(series: Series) -> list[Table]:
    return [block for block in series.parts() if isinstance(block, Table)]


# Against last year


def _moved(
    code: str, before: int, after: int, level: str = "district", **changed: Any
) -> dict[str, Any]:
    """Return one unit's row of the comparison, in tỷ, moved by what there was to share."""
    keys = {"line": "total", "short": "Tổng cộng", "level": level, "unit_code": code, "unit": code}
    amounts = {"before": before, "after": after, "difference": after - before}
    told = {name: amount * BILLION for name, amount in amounts.items()}
    shares = {"share_before": 1, "share_after": 2}
    why = {"pot_effect": told["difference"], "criterion": "", "criterion_effect": 0}
    return keys | told | shares | why | {"sources": "NSTW, NSĐP"} | changed


def _compared(brief: Brief, *rows: dict[str, Any], name: str = "comparison_last_year") -> Brief:
    return _with(brief, **{name: pd.DataFrame(rows, columns=list(_moved("x", 1, 1)))})


def test_gains_and_losses_are_named_with_their_causes(shipped_brief: Brief) -> None:
    """The three who gain and lose most, by how much, and what did it, each with its sign."""
    brief = _compared(
        shipped_brief,
        _moved("A", 10, 12, criterion="Số hộ nghèo", criterion_effect=-1_234 * MILLION),
        _moved("B", 10, 19),
        _moved("C", 10, 11),
        _moved("D", 10, 13),
        _moved("E", 10, 9, pot_effect=0, criterion="Diện tích", criterion_effect=-800 * MILLION),
        _moved("Sở X", 0, 4, "agency"),
        _moved("total", 50, 68, "total"),
    )
    assert narrative.comparison_paragraph(brief).split("\n") == [
        "So với vốn giao năm 2023, tổng vốn tăng 18 tỷ đồng (36,0%), từ 50 tỷ đồng lên 68 tỷ"
        " đồng. Phần của sở, ngành là 4 tỷ đồng (năm 2023: không có).",
        "",
        "- **Tăng nhiều nhất** trong 4 huyện tăng: B tăng 9 tỷ đồng (90,0%), trong đó do mức vốn"
        " đem chia +9,0 tỷ đồng; D tăng 3 tỷ đồng (30,0%), trong đó do mức vốn đem chia +3,0 tỷ"
        " đồng; A tăng 2 tỷ đồng (20,0%), trong đó do mức vốn đem chia +2,0 tỷ đồng, do số hộ"
        " nghèo -1,2 tỷ đồng.",
        "- **Một huyện giảm:** E giảm 1 tỷ đồng (10,0%), trong đó do diện tích -800 triệu đồng.",
    ]


def test_nobody_moved_and_nothing_known_read_naturally(shipped_brief: Brief) -> None:
    """An unchanged year and a year without history each have their own sentence."""
    still = _compared(shipped_brief, _moved("A", 5, 5), _moved("total", 5, 5, "total"))
    assert narrative.comparison_paragraph(still) == (
        "So với vốn giao năm 2023, tổng vốn không thay đổi (5 tỷ đồng). Vốn của từng huyện không"
        " thay đổi."
    )
    unknown = _compared(shipped_brief)
    wanted = "Chưa có số vốn giao năm 2023 để so sánh."
    assert narrative.comparison_paragraph(unknown) == wanted
    assert narrative.district_comparison_sentence(unknown, "417") == wanted
    (said,) = tables.comparison_table(unknown).blocks
    assert isinstance(said, Text)
    assert tables.district_comparison_table(unknown, "417") == Series()


def test_the_comparison_sets_agencies_apart(shipped_brief: Brief) -> None:
    """Who gains most stands first among the districts; agencies and what is left follow."""
    brief = _compared(
        shipped_brief,
        _moved("A", 10, 9),
        _moved("B", 10, 19),
        _moved("Sở X", 0, 4, "agency"),
        _moved("Sở Y", 0, 5, "agency"),
        _moved("Chưa phân bổ", 0, 1, "unplaced"),
        _moved("total", 20, 38, "total", unit="Tổng cộng"),
    )
    (table,) = _tables(tables.comparison_table(brief))
    assert [row[:4] for row in table.texts()] == [
        ("Huyện, thành phố, thị xã", "", "", ""),
        ("B", "10.000", "19.000", "+9.000"),
        ("A", "10.000", "9.000", "-1.000"),
        ("Sở, ngành của tỉnh", "", "", ""),
        ("Sở Y", "0", "5.000", "+5.000"),
        ("Sở X", "0", "4.000", "+4.000"),
        ("Chưa phân bổ", "0", "1.000", "+1.000"),
        ("Tổng cộng", "20.000", "38.000", "+18.000"),
    ]


def test_a_district_compares_its_lines(shipped_brief: Brief) -> None:
    """A district's brief has its lines beside last year's, its total last, and says why."""
    brief = _compared(
        shipped_brief,
        _moved("417", 2, 3, line="DA2", short="Đa dạng hóa sinh kế"),
        _moved("417", 0, 1, line="DA5", short="Nhà ở"),
        _moved("417", 2, 4, unit="Kỳ Sơn"),
        _moved("412", 2, 4),
    )
    (table,) = _tables(tables.district_comparison_table(brief, "417"))
    assert [row.cells[0] for row in table.rows] == [
        "DA2. Đa dạng hóa sinh kế",
        "DA5. Nhà ở",
        "Tổng cộng",
    ]
    assert table.rows[-1].level == "total"
    assert narrative.district_comparison_sentence(brief, "417") == (
        "So với vốn giao năm 2023, vốn của Kỳ Sơn tăng 2 tỷ đồng (100,0%), từ 2 tỷ đồng lên 4 tỷ"
        " đồng, trong đó do mức vốn đem chia +2,0 tỷ đồng."
    )


def test_only_sources_known_of_last_year_are_compared(shipped_brief: Brief) -> None:
    """Where last year is known of one source, sentences and titles name that source."""
    total = shipped_brief.table("capital_by_project").one(code="total")
    all_units = _moved("total", 9, 10, "total")
    rows = _moved("417", 9, 8), all_units | {"after": total["NSTW"]}
    brief = _compared(shipped_brief, *(row | {"sources": "NSTW"} for row in rows))
    said = narrative.comparison_paragraph(brief)
    assert "So với vốn giao năm 2023, vốn ngân sách trung ương tăng" in said
    assert "Chỉ so nguồn vốn có số giao năm trước." in said
    assert "vốn ngân sách trung ương của 417 giảm 1 tỷ đồng (11,1%), từ 9 tỷ đồng xuống 8 tỷ" in (
        narrative.district_comparison_sentence(brief, "417")
    )
    (table,) = _tables(tables.comparison_table(brief))
    assert table.title.startswith("Vốn ngân sách trung ương năm 2024 so với vốn giao năm 2023")
    whole = _compared(shipped_brief, all_units | {"after": total["total"]})
    assert whole.compared_sources == ()


def test_other_rules_are_compared_where_there_are_any(shipped_brief: Brief) -> None:
    """Who gets more and who less than by the other rules is said, with their title."""
    told = {"group": "other_rules", "code": "title", "value": "Theo số hộ"}
    known = shipped_brief.table("plan_facts").frame
    facts = pd.concat([known[known["group"] != "other_rules"], pd.DataFrame([told])])
    rules = {"name": "comparison_rules"}
    rows = (_moved("A", 10, 12, pot_effect=0), _moved("B", 9, 7), _moved("C", 9, 8))
    brief = _with(_compared(shipped_brief, *rows, **rules), plan_facts=facts)
    opening, _, more, less = narrative.rules_comparison_paragraph(brief).split("\n")
    assert "“Theo số hộ”" in opening
    assert more == "- **Một huyện được nhiều hơn:** A được nhiều hơn 2 tỷ đồng (20,0%)."
    assert less.startswith("- **Ít hơn cả** trong 2 huyện được ít hơn: B được ít hơn 2 tỷ đồng")
    (table,) = _tables(tables.rules_comparison_table(brief))
    assert [row.cells[0] for row in table.rows][1:] == ["A", "C", "B"]
    same = _compared(shipped_brief, _moved("A", 5, 5), **rules)
    assert narrative.rules_comparison_paragraph(same).endswith("không thay đổi.")
    none = _compared(shipped_brief, **rules)
    assert narrative.rules_comparison_paragraph(none) == ""
    assert tables.rules_comparison_table(none) == Series()


# What to look at again


def _warned(brief: Brief, *rows: tuple[str, str, int | None, str]) -> Brief:
    columns = ["severity", "subject", "count", "message"]
    frame = pd.DataFrame(rows, columns=columns).astype({"count": object})
    return _with(brief, allocation_warnings=frame.where(frame.notna(), None))


def test_the_gravest_warnings_are_listed_once_a_kind(shipped_brief: Brief) -> None:
    """What concerns many units is one item; how many there are in all is said."""
    brief = _warned(
        shipped_brief,
        ("cảnh báo", "Vinh và Kỳ Sơn", 2, "Hai khoản quá mức."),
        ("cảnh báo", "Vinh", None, "Vinh quá mức."),
        ("cảnh báo", "Kỳ Sơn", None, "Kỳ Sơn quá mức."),
        ("thông tin", "Vinh", 3, "Có số dư bằng nhau."),
    )
    assert narrative.warnings_list(brief) == (
        "- Hai khoản quá mức.\n\nTất cả 3 cảnh báo ghi tại tables/allocation_warnings.csv."
    )
    heading = "### Cảnh báo"
    assert narrative.district_warnings(brief, "417", heading) == (
        "### Cảnh báo\n\n- Kỳ Sơn quá mức."
    )


def test_no_more_than_a_few_warnings_are_printed(shipped_brief: Brief) -> None:
    """A long list is cut; the published table has the rest."""
    rows = [("cảnh báo", f"Đơn vị {n}", 1, f"Điều {n}.") for n in range(9)]
    said = narrative.warnings_list(_warned(shipped_brief, *rows))
    assert said.count("- Điều") == 5
    assert "Tất cả 9 cảnh báo" in said


def test_no_warning_is_said_or_left_out(shipped_brief: Brief) -> None:
    """The province says that there is none; a district's brief leaves out even the heading."""
    brief = _warned(shipped_brief, ("thông tin", "Vinh", 1, "Có số dư bằng nhau."))
    assert narrative.warnings_list(brief) == "Không có cảnh báo nào khi phân bổ."
    assert narrative.district_warnings(brief, "417", "### Cảnh báo") == ""


# Within the year


def _counterpart(brief: Brief, *types: str) -> Brief:
    amounts = dict.fromkeys(("central", "required", "province", "district", "commune"), BILLION)
    rows = [
        {"line": line, "capital_type": name, "percent": 5, **amounts}
        | {"planned": 2 * BILLION, "difference": difference}
        for name in types
        for line, difference in (("DA2", 0), ("total", BILLION))
    ]
    columns = ["line", "capital_type", "percent", *amounts, "planned", "difference"]
    return _with(brief, counterpart=pd.DataFrame(rows, columns=columns))


def test_the_counterpart_is_one_row_a_type(shipped_brief: Brief) -> None:
    """Only totals are printed, with what is missing or too much; without a rule that is said."""
    (table,) = _tables(tables.counterpart_table(_counterpart(shipped_brief, "ĐTPT", "SN")))
    assert [(row[0], row[2], row[-1]) for row in table.texts()] == [
        ("ĐTPT", "5,00", "+1.000"),
        ("SN", "5,00", "+1.000"),
    ]
    (said,) = tables.counterpart_table(_counterpart(shipped_brief)).blocks
    assert isinstance(said, Text)


def test_a_district_knows_what_its_budgets_must_add(shipped_brief: Brief) -> None:
    """District and commune budgets are named with what they must add; nothing to add, no words."""
    budgets = {"district_budget": BILLION, "commune_budget": 3 * MILLION}
    keys = {"district_code": "417", "line": "total"}
    rows = [keys | {"capital_type": name} | budgets for name in ("ĐTPT", "SN")]
    frame = pd.DataFrame([*rows, rows[0] | {"line": "DA2"}])
    brief = _with(shipped_brief, counterpart_by_district=frame)
    assert narrative.district_counterpart_sentence(brief, "417") == (
        "Vốn đối ứng phải có: ngân sách huyện 2 tỷ đồng và ngân sách xã 6 triệu đồng."
    )
    assert narrative.district_counterpart_sentence(brief, "412") == ""
    alone = _with(shipped_brief, counterpart_by_district=frame.assign(commune_budget=0))
    assert narrative.district_counterpart_sentence(alone, "417") == (
        "Vốn đối ứng phải có: ngân sách huyện 2 tỷ đồng."
    )


MOVED = ("original", "transferred_in", "transferred_out", "returned", "current")


def _register(brief: Brief, *, carried: bool, moved: bool) -> Brief:
    """Return the brief with capital of 2024, perhaps some of 2023, perhaps a few movements."""
    keys = {"line": "DA2", "unit_code": "417", "unit": "Kỳ Sơn", "source": "NSTW"}
    amounts = dict(zip(MOVED, (9 * BILLION, 0, 0, 0, 9 * BILLION), strict=True))
    years = ["2023", "2024"] if carried else ["2024"]
    held = [keys | {"capital_type": "SN", "vintage": year} | amounts for year in years]
    entry = keys | {"date": "2024-04-22", "document": "Quyết định số 1", "capital_type": "SN"}
    entry |= {"vintage": "2023", "kind": "điều chuyển"}
    changes = [
        entry | {"other_unit": "Vinh", "other_line": "DA2", "change": -BILLION},
        entry
        | {"other_unit": "Kỳ Sơn", "other_line": "DA2", "change": BILLION}
        | {"unit": "Vinh", "unit_code": "412"},
        entry | {"other_unit": "Vinh", "other_line": "DA5", "change": -BILLION},
        entry
        | {"kind": "trả lại", "other_unit": "", "other_line": "", "change": -BILLION}
        | {"unit": "Cửa Lò", "unit_code": "413"},
    ]
    ordered = [change | {"order": place} for place, change in enumerate(changes, start=1)]
    return _with(
        brief,
        balances=pd.DataFrame(held),
        capital_by_vintage=pd.DataFrame(held)[["vintage", "capital_type", *MOVED]],
        movements=pd.DataFrame(ordered if moved else ordered[:0], columns=list(ordered[0])),
    )


def test_each_movement_is_printed_once(shipped_brief: Brief) -> None:
    """A transfer stands once with both ends, a return says so where others name the receiver."""
    made = tables.register_tables(_register(shipped_brief, carried=False, moved=True), "### Sổ")
    (table,) = _tables(made)
    keys = [column.key for column in table.columns]
    at = [keys.index(name) for name in ("date", "unit", "to", "amount")]
    assert [tuple(row[place] for place in at) for row in table.texts()] == [
        ("22/04/2024", "Kỳ Sơn", "Vinh", "1.000"),
        ("22/04/2024", "Kỳ Sơn", "Vinh (DA5)", "1.000"),
        ("22/04/2024", "Cửa Lò", "trả lại", "1.000"),
    ]


def test_carried_capital_stands_by_its_year(shipped_brief: Brief) -> None:
    """Capital of earlier years is named as carried over, and all of it adds up."""
    brief = _register(shipped_brief, carried=True, moved=False)
    for made in (
        tables.register_tables(brief, "### Sổ"),
        tables.district_register_tables(brief, "417", "### Sổ"),
    ):
        assert made.blocks[0] == Text("### Sổ")
        (table,) = _tables(made)
        assert [(row[0], row[-1]) for row in table.texts()] == [
            ("2023 (kéo dài)", "9.000"),
            ("2024", "9.000"),
            ("Tổng cộng", "18.000"),
        ]


@pytest.mark.parametrize(("code", "number"), [("417", 2), ("412", 2), ("413", 1), ("414", 0)])
def test_a_district_sees_its_own_movements(shipped_brief: Brief, code: str, number: int) -> None:
    """Movements from and to the district are in its brief, and no others."""
    brief = _register(shipped_brief, carried=False, moved=True)
    made = tables.district_register_tables(brief, code, "### Sổ")
    assert sum(len(table.rows) for table in _tables(made)) == number


def test_a_year_without_movements_leaves_out_the_section(shipped_brief: Brief) -> None:
    """Where nothing is carried over and nothing moved there is not even a heading."""
    brief = _register(shipped_brief, carried=False, moved=False)
    assert tables.register_tables(brief, "### Sổ") == Series()
    assert tables.district_register_tables(brief, "417", "### Sổ") == Series()
