"""The ledger of transfers and returns: worked by hand, and every refusal by its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from data_samples import all_tables, read_tables, with_cell

from helpers.allocation.accounts.ledger import (
    Key,
    Ledger,
    Movement,
    Scope,
    carry_over_of,
    keep_ledger,
    movements_of,
)
from helpers.data.dataset import DataSet
from helpers.data.unit_names import UnitNames, resolver
from helpers.errors import InputRefused, Problem
from helpers.plan.model import Plan

MILLION = 10**6
UNITS = {"412": "Vinh", "414": "Thái Hòa", "417": "Kỳ Sơn", "SYT": "Sở Y tế"}
SCOPE = Scope(
    2024,
    {"DA1-TDA1": ("ĐTPT", "SN"), "DA2": ("SN",), "DA5": ("SN",)},
    ("NSTW", "NSĐP"),
    ("ĐTPT", "SN"),
    UNITS,
)


def key(unit: str, line: str = "DA2", vintage: int = 2023, kind: str = "SN") -> Key:
    """Return a balance of central capital."""
    return Key(line, unit, "NSTW", kind, vintage)


def transfer(day: str, giver: Key, receiver: Key, amount: int, document: str = "QĐ 1") -> Movement:
    """Return a transfer of so many triệu."""
    when = date.fromisoformat(day)
    where = f"movements.csv, dòng {day}"
    return Movement(when, "transfer", giver, receiver, amount * MILLION, document, where)


def give_back(day: str, giver: Key, amount: int, document: str = "QĐ 2") -> Movement:
    """Return a return of so many triệu."""
    when = date.fromisoformat(day)
    where = f"movements.csv, dòng {day}"
    return Movement(when, "return", giver, None, amount * MILLION, document, where)


ORIGINAL = {
    key("417"): 3500 * MILLION,
    key("417", vintage=2024): 9000 * MILLION,
    key("412"): 100 * MILLION,
    key("SYT", line="DA5"): 0,
}


def kept(*movements: Movement, original: dict[Key, int] | None = None) -> Ledger:
    """Return the ledger of the movements."""
    return keep_ledger(ORIGINAL if original is None else original, movements, scope=SCOPE)


def refused(*movements: Movement, original: dict[Key, int] | None = None) -> tuple[Problem, ...]:
    """Return the problems for which the movements are refused."""
    with pytest.raises(InputRefused) as caught:
        kept(*movements, original=original)
    return caught.value.problems


def test_no_movement() -> None:
    """Without movements every balance stays as it was."""
    ledger = kept()
    assert dict(ledger.current) == ORIGINAL
    assert ledger.entries == ()
    assert (ledger.balances["original"] == ledger.balances["current"]).all()


def test_a_year_worked_by_hand() -> None:
    """Kỳ Sơn gives Vinh 500, Vinh gives on 550 of its 600 to another line, Kỳ Sơn returns 200."""
    ledger = kept(
        give_back("2024-09-01", key("417"), 200),
        transfer("2024-07-01", key("412"), key("412", line="DA5"), 550),
        transfer("2024-05-20", key("417"), key("412"), 500),
    )
    rows = ledger.balances.set_index(["line", "unit", "vintage"])
    amounts = ["original", "transferred_in", "transferred_out", "returned", "current"]
    in_million = (rows[amounts] // MILLION).T.to_dict("list")
    assert in_million == {
        ("DA2", "Vinh", 2023): [100, 500, 550, 0, 50],
        ("DA2", "Kỳ Sơn", 2023): [3500, 0, 500, 200, 2800],
        ("DA2", "Kỳ Sơn", 2024): [9000, 0, 0, 0, 9000],
        ("DA5", "Vinh", 2023): [0, 550, 0, 0, 550],
        ("DA5", "Sở Y tế", 2023): [0, 0, 0, 0, 0],
    }
    assert [(e.key.unit_code, e.before // MILLION, e.change // MILLION, e.after // MILLION)
            for e in ledger.entries] == [
        ("412", 100, 500, 600),
        ("417", 3500, -500, 3000),
        ("412", 0, 550, 550),
        ("412", 600, -550, 50),
        ("417", 3000, -200, 2800),
    ]  # fmt: skip
    assert rows["original"].sum() == rows["current"].sum() + rows["returned"].sum()


def test_journal() -> None:
    """The journal names the deciding document, the balance and where the capital went."""
    ledger = kept(transfer("2024-05-20", key("417"), key("412"), 500, "QĐ 7"))
    received, given = ledger.journal.to_dict("records")
    assert (received["unit"], received["other_unit"], received["kind"]) == (
        "Vinh",
        "Kỳ Sơn",
        "điều chuyển",
    )
    assert (given["document"], given["other_line"], given["after"]) == (
        "QĐ 7",
        "DA2",
        3000 * MILLION,
    )
    assert list(kept().journal.columns) == list(ledger.journal.columns)


def test_what_comes_in_on_a_day_may_go_out_on_it() -> None:
    """Of one day receipts count first: Vinh may pass on 600 when 500 came in, whatever the row."""
    passed = transfer("2024-05-20", key("412"), key("414"), 600, "A")
    came = transfer("2024-05-20", key("417"), key("412"), 500, "B")
    assert kept(passed, came).current == kept(came, passed).current
    assert kept(passed, came).current[key("412")] == 0


def test_what_comes_in_later_does_not_count() -> None:
    """Capital that arrives a day later cannot be given today; the message says what is there."""
    passed = transfer("2024-05-19", key("412"), key("414"), 600)
    came = transfer("2024-05-20", key("417"), key("412"), 500)
    (problem,) = refused(came, passed)
    assert problem.where == "movements.csv, dòng 2024-05-19"
    assert problem.what == (
        "Vinh, DA2 (NSTW, SN, vốn năm 2023): đến ngày 19/5/2024 còn 100 triệu, không đủ để "
        "điều chuyển 600 triệu"
    )


def test_one_overdraft_blames_one_row() -> None:
    """A refused transfer still counts for its receiver, so that only its own row is named."""
    (problem,) = refused(
        transfer("2024-05-20", key("414"), key("412"), 500),
        give_back("2024-05-21", key("412"), 600),
    )
    assert "Thái Hòa" in problem.what
    assert "còn 0 đồng" in problem.what


def test_the_whole_balance_may_go() -> None:
    """A balance may be emptied to the đồng, and not by one đồng more."""
    giving = give_back("2024-05-20", key("412"), 100)
    assert kept(giving).current[key("412")] == 0
    (problem,) = refused(replace(giving, amount=100 * MILLION + 1))
    assert "trả lại 100.000.001 đồng" in problem.what


GOOD = transfer("2024-05-20", key("417"), key("412"), 5)
BAD = [
    (replace(GOOD, from_key=key("417", line="DA9")), "không có tiểu dự án “DA9”", ""),
    (replace(GOOD, to_key=key("412", line="DA55")), "không có tiểu dự án “DA55”", "“DA5”"),
    (replace(GOOD, from_key=Key("DA2", "417", "NSTƯ", "SN", 2023)), "nguồn vốn “NSTƯ”", "“NSTW”"),
    (replace(GOOD, from_key=key("417", kind="XDCB")), "loại vốn “XDCB”", "ĐTPT và SN"),
    (replace(GOOD, from_key=key("417", kind="ĐTPT")), "DA2 không có loại vốn ĐTPT", "chỉ có SN"),
    (replace(GOOD, from_key=key("417", vintage=2021)), "không có vốn năm 2021", "2023 và 2024"),
    (replace(GOOD, from_key=key("417", vintage=2025)), "không có vốn năm 2025", "2023 và 2024"),
    (replace(GOOD, amount=0), "số tiền phải lớn hơn 0", "xóa dòng"),
    (replace(GOOD, amount=-5), "số tiền phải lớn hơn 0", "xóa dòng"),
    (replace(GOOD, to_key=key("417")), "trùng với nơi chuyển đi", "sửa đơn vị nhận"),
    (replace(GOOD, kind="return"), "trả lại mà có nơi nhận", "để trống"),
    (replace(GOOD, to_key=None), "điều chuyển mà không có nơi nhận", "ghi đơn vị nhận"),
    (replace(GOOD, date=date(2023, 5, 1)), "1/5/2023 không thuộc năm kế hoạch 2024", "sửa ngày"),
    (replace(GOOD, date=date(2025, 1, 1)), "không thuộc năm kế hoạch 2024", "sửa ngày"),
]


@pytest.mark.parametrize(("movement", "what", "todo"), BAD)
def test_refused_movements(movement: Movement, what: str, todo: str) -> None:
    """A movement out of scope, out of the year or without sense is refused by its row."""
    found = [problem for problem in refused(movement) if what in problem.what]
    assert [problem.where for problem in found] == [GOOD.where]
    assert todo in found[0].todo


def test_capital_of_a_year_to_come() -> None:
    """A day before the capital's own year is refused, even where such capital is there."""
    original = {key("417", vintage=2025): 10 * MILLION}
    movement = replace(GOOD, from_key=key("417", vintage=2025), to_key=key("412", vintage=2025))
    (problem,) = refused(movement, original=original)
    assert "trước cả năm của vốn (2025)" in problem.what


def test_all_problems_at_once() -> None:
    """Every bad movement is named in one refusal, overdrafts among the others."""
    problems = refused(
        replace(GOOD, amount=0),
        replace(GOOD, from_key=key("417", line="DA9"), document="QĐ 3"),
        give_back("2024-06-01", key("412"), 10_000),
        give_back("2024-06-02", key("417"), 10_000),
    )
    assert len(problems) == 4


def test_refusal_changes_nothing() -> None:
    """The balances that were handed in stay as they were, kept or refused."""
    original = dict(ORIGINAL)
    refused(GOOD, give_back("2024-06-01", key("412"), 10_000), original=original)
    kept(GOOD, original=original)
    assert original == ORIGINAL


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    """Return the sample's tables."""
    return read_tables(tmp_path, all_tables())


@pytest.fixture
def units(data: DataSet) -> UnitNames:
    """Return the sample's districts with one agency."""
    return resolver(data.districts, {"SYT": "Sở Y tế"})


def test_from_the_tables_to_the_ledger(data: DataSet, units: UnitNames) -> None:
    """What was carried over opens the ledger, and the movements of the table run through it."""
    carried = carry_over_of(data, units, SCOPE)
    assert carried == {
        key("417", vintage=2022): 1500 * MILLION,
        key("417"): 3500 * MILLION,
    }
    movements = movements_of(data, units)
    assert [(m.from_key, m.to_key, m.amount // MILLION) for m in movements] == [
        (key("417"), key("412"), 500),
        (key("417", vintage=2022), None, 200),
    ]
    assert movements[1].where.endswith("movements.csv, dòng 3")
    current = keep_ledger(carried, movements, scope=SCOPE).current
    assert {k: amount // MILLION for k, amount in current.items()} == {
        key("412"): 500,
        key("417", vintage=2022): 1300,
        key("417"): 3000,
    }


def test_another_line(tmp_path: Path, units: UnitNames) -> None:
    """A transfer may go to another line; left blank, the line stays."""
    data = read_tables(tmp_path, with_cell("movements", 2, "to_line", "DA5"))
    assert movements_of(data, units)[0].to_key == key("412", line="DA5")


def test_agencies(tmp_path: Path, units: UnitNames) -> None:
    """An agency is found by its code or its name."""
    changed = with_cell("movements", 2, "to_unit", "Sở Y tế")
    changed["carry_over"][1][0] = "syt"
    data = read_tables(tmp_path, changed)
    assert movements_of(data, units)[0].to_key == key("SYT")
    assert key("SYT", vintage=2022) in carry_over_of(data, units)


def test_unknown_units(tmp_path: Path, units: UnitNames) -> None:
    """Units that nobody knows are refused together, by row and column, with the nearest name."""
    changed = with_cell("movements", 2, "to_unit", "Ki Sơn")
    changed["movements"][2][6] = "Sở Z"
    changed["carry_over"][2][0] = "Ki Sơn"
    data = read_tables(tmp_path, changed)
    with pytest.raises(InputRefused) as caught:
        movements_of(data, units)
    first, second = caught.value.problems
    assert first.where.endswith("movements.csv, dòng 2, cột to_unit")
    assert first.todo == "có phải là “Kỳ Sơn”?"
    assert second.where.endswith("movements.csv, dòng 3, cột unit")
    with pytest.raises(InputRefused, match=r"carry_over.csv, dòng 3, cột unit: không có huyện"):
        carry_over_of(data, units)


def test_carried_over_twice(tmp_path: Path, units: UnitNames) -> None:
    """One agency by its code and by its name is one balance: the second row is refused."""
    changed = with_cell("carry_over", 2, "unit", "SYT")
    changed["carry_over"][2][0], changed["carry_over"][2][4] = "Sở Y tế", "2022"
    with pytest.raises(InputRefused, match=r"dòng 3: trùng với .*carry_over.csv, dòng 2"):
        carry_over_of(read_tables(tmp_path, changed), units)


@pytest.mark.parametrize(
    ("column", "text", "what"),
    [
        ("line", "DA9", "không có tiểu dự án “DA9”"),
        ("source", "TW", "không có nguồn vốn “TW”"),
        ("capital_type", "ĐTPT", "DA2 không có loại vốn ĐTPT"),
        ("vintage", "2024", "không trước năm kế hoạch 2024"),
    ],
)
def test_carried_over_out_of_scope(
    tmp_path: Path, units: UnitNames, column: str, text: str, what: str
) -> None:
    """What is carried over must be capital of earlier years that the plan has a place for."""
    data = read_tables(tmp_path, with_cell("carry_over", 3, column, text))
    with pytest.raises(InputRefused, match=f"dòng 3: .*{what}"):
        carry_over_of(data, units, SCOPE)
    carry_over_of(data, units)


def test_shipped_tables(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """The shipped carry-over and movements fit together, given a capital for the year."""
    agencies = {agency.code: agency.name for agency in shipped_plan.rule_set.agencies}
    found = resolver(shipped_data.districts, agencies)
    carried = carry_over_of(shipped_data, found)
    movements = movements_of(shipped_data, found)
    this_year = {m.from_key: 10**12 for m in movements if m.from_key.vintage == 2024}
    lines = {k.line: ("ĐTPT", "SN") for k in carried}
    scope = replace(SCOPE, lines=lines, units=found.names)
    ledger = keep_ledger(carried | this_year, movements, scope=scope)
    balances = ledger.balances
    assert balances["original"].sum() == balances["current"].sum() + balances["returned"].sum()
    assert balances["returned"].sum() > 0
