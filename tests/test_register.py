"""The household register: classified by hand, in any order and any chunks; and what it refuses."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from data_samples import all_tables, read_tables
from hypothesis import given
from hypothesis import strategies as st
from register_samples import (
    COMMUNES,
    DISTRICTS,
    FIVE,
    KEYS,
    NEW,
    OLD,
    Household,
    household,
    households,
    register,
    write_register,
)

from helpers.data.catalogue import spec
from helpers.data.dataset import DataSet
from helpers.data.published import publish
from helpers.data.register.place import register_path
from helpers.data.register.reading import open_register, read_chunks
from helpers.data.register.sample import profiles_of, sample_frame, write_sample
from helpers.errors import InputRefused
from helpers.plan.model import Plan
from helpers.poverty.bench import bench_register
from helpers.poverty.register import Counts, classified, count_register, measures
from helpers.poverty.register_tables import register_indicators, register_measures

Rows = list[Household]
Change = Callable[[Rows], None]


def _summed(rows: Rows, **options: Any) -> Mapping[str, int]:
    frame = classified(count_register(register(rows, **options)))
    return {name: int(value) for name, value in frame.sum().items()}


def _messages(work: Callable[[], object]) -> list[str]:
    with pytest.raises(InputRefused) as refused:
        work()
    return [str(problem) for problem in refused.value.problems]


def _read(path: Path) -> list[str]:
    return _messages(lambda: list(read_chunks(open_register(path, OLD, COMMUNES))))


# What each household is


def test_five_households_by_hand() -> None:
    """Two poor, one near-poor; one đồng above the line is neither; a ward has its own line."""
    found = _summed(FIVE)
    assert (found["households"], found["persons"]) == (5, 20)
    assert (found["poor_households"], found["poor_persons"]) == (2, 6)
    assert (found["near_poor_households"], found["near_poor_persons"]) == (1, 3)
    assert (found["poor_dtts"], found["near_poor_dtts"]) == (1, 1)


@pytest.mark.parametrize(
    ("area", "income", "lacking", "kind"),
    [
        ("16996", 1_500_000, 3, "poor"),
        ("16996", 1_500_001, 3, ""),
        ("16996", 1_500_000, 2, "near_poor"),
        ("16663", 2_000_000, 3, "poor"),
        ("16663", 2_000_001, 12, ""),
        ("16813", 2_000_000, 3, "poor"),
        ("16816", 2_000_000, 3, ""),
        ("16996", 0, 0, "near_poor"),
    ],
)
def test_each_line_holds_to_the_dong(area: str, income: int, lacking: int, kind: str) -> None:
    """At most the line is income-poor, at least three make poor; wards and townships are urban."""
    found = _summed([household(area, 4, income, KEYS[:lacking])])
    assert found["poor_households"] == int(kind == "poor")
    assert found["near_poor_households"] == int(kind == "near_poor")


@pytest.mark.parametrize(
    ("area", "b1", "b2", "kind"),
    [
        ("16996", 140, 30, "poor"),
        ("16996", 141, 30, ""),
        ("16996", 140, 20, "near_poor"),
        ("16663", 175, 30, "poor"),
        ("16663", 176, 120, ""),
        ("16996", 0, 0, "near_poor"),
    ],
)
def test_scores_decide_where_there_is_no_income(area: str, b1: int, b2: int, kind: str) -> None:
    """B1 at most 140 (xã) or 175 (phường) is income-poor; with B2 from 30 on, poor."""
    found = _summed([{"area": area, "members": 4, "b1": b1, "b2": b2}])
    assert found["poor_households"] == int(kind == "poor")
    assert found["near_poor_households"] == int(kind == "near_poor")


def test_the_register_may_say_the_area_type_itself() -> None:
    """Then the commune's kind does not count; key and name both serve."""
    rows = [
        household("16996", 4, 2_000_000, KEYS[:3], area_type="urban"),
        household("16996", 4, 2_000_000, KEYS[:3], area_type="nông thôn"),
    ]
    assert _summed(rows)["poor_households"] == 1


def test_from_2027_on_the_new_lines_hold() -> None:
    """With 2.2 million in a commune a household is poor by the new standard, not by the old."""
    row = household("16996", 4, 2_200_000, KEYS[:3])
    row |= {"household_waste": 0, "digital_services": 0}
    assert _summed([row])["poor_households"] == 0
    assert _summed([row], standard=NEW)["poor_households"] == 1
    assert _summed([row | {"income": 2_200_001}], standard=NEW)["poor_households"] == 0


def test_only_the_indicators_of_the_standard_count() -> None:
    """Means of information count until 2026 and no longer; waste the other way round."""
    row = household("16996", 4, 1_000_000, ["employment", "nutrition", "information"])
    row |= {"household_waste": 0, "digital_services": 0}
    assert _summed([row])["poor_households"] == 1
    assert _summed([row], standard=NEW)["poor_households"] == 0
    assert _summed([row | {"household_waste": 1}], standard=NEW)["poor_households"] == 1


# Exact, whatever the order and the chunks


def _oracle(rows: Rows) -> dict[str, tuple[int, int, int]]:
    """Return households, poor and near-poor by commune, counted one by one."""
    found: dict[str, tuple[int, int, int]] = {}
    for row in rows:
        line = 1_500_000 if COMMUNES[row["area"]] == "xã" else 2_000_000
        lacking = sum(row[key] for key in KEYS)
        low = row["income"] <= line
        number, poor, near = found.get(row["area"], (0, 0, 0))
        found[row["area"]] = (
            number + 1,
            poor + (low and lacking >= 3),
            near + (low and lacking < 3),
        )
    return found


def _same(one: Counts, other: Counts) -> bool:
    names = ("area", "area_type", "flags", "income_poor", "code", "households", "persons")
    return one.codes == other.codes and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in names
    )


@given(rows=households, chunk=st.integers(1, 50), chance=st.randoms(use_true_random=False))
def test_neither_chunks_nor_order_matter(rows: Rows, chunk: int, chance: Any) -> None:
    """Counts are those of a count one by one, read in any pieces and any order."""
    counts = count_register(register(rows), rows=chunk)
    found = {
        str(code): (int(row.households), int(row.poor_households), int(row.near_poor_households))
        for code, row in zip(
            classified(counts).index, classified(counts).itertuples(index=False), strict=True
        )
    }
    assert found == _oracle(rows)
    mixed = list(rows)
    chance.shuffle(mixed)
    assert _same(counts, count_register(register(mixed)))


@given(rows=households)
def test_districts_are_the_sums_of_their_communes(rows: Rows) -> None:
    """Counting by district at once, or adding up communes, is the same."""
    communes = classified(count_register(register(rows)))
    by_district = classified(count_register(register(rows), DISTRICTS))
    summed = communes.groupby([DISTRICTS[code] for code in communes.index]).sum()
    assert by_district.to_dict() == summed.to_dict()
    parts = measures(count_register(register(rows)))
    for code, item in measures(count_register(register(rows), DISTRICTS)).items():
        own = [part for commune, part in parts.items() if DISTRICTS[commune] == code]
        assert item.deprivations == sum(part.deprivations for part in own)


@given(rows=households)
def test_b2_alone_gives_the_same_poor_and_the_same_m0(rows: Rows) -> None:
    """Ten points for each indicator say how many are lacking, only not which."""
    short = [
        {"area": row["area"], "members": row["members"], "income": row["income"]}
        | {"b2": 10 * sum(row[key] for key in KEYS)}
        for row in rows
    ]
    long_, short_ = count_register(register(rows)), count_register(register(short))
    names = ["households", "poor_households", "near_poor_households", "poor_persons"]
    assert classified(long_)[names].to_dict() == classified(short_)[names].to_dict()
    for code, item in measures(short_).items():
        assert item.mpi == measures(long_)[code].mpi
        assert item.censored == ()


# Files


def test_csv_and_parquet_read_alike(tmp_path: Path) -> None:
    """A CSV from Excel (semicolons, byte-order mark, labels, a blank last row) says the same."""
    rows = [row | {"note": "Nguyễn Văn A"} for row in FIVE]
    path = write_register(tmp_path, rows, ";")
    text = path.read_text(encoding="utf-8")
    labels = "Mã xã;Số nhân khẩu (người);THU NHẬP bình quân đầu người một tháng;"
    text = text.replace("area;members;income;", labels)
    blank = ";" * text.splitlines()[0].count(";")
    path.write_text(text.replace("\n16663", "\n 16663 ") + blank + "\n", encoding="utf-8-sig")
    from_csv = count_register(open_register(path, OLD, COMMUNES))
    other = tmp_path / "register.parquet"
    pl.DataFrame(rows).with_columns(pl.col("employment").cast(pl.Boolean)).write_parquet(other)
    from_parquet = count_register(open_register(other, OLD, COMMUNES))
    assert _same(from_csv, from_parquet)
    assert int(from_csv.households.sum()) == 5


def test_what_is_not_asked_for_is_never_read(tmp_path: Path) -> None:
    """A column of names may hold anything: it does not reach memory."""
    path = write_register(tmp_path, [row | {"name": "Ẩn"} for row in FIVE])
    assert "name" not in open_register(path, OLD, COMMUNES).headers
    (chunk,) = read_chunks(open_register(path, OLD, COMMUNES))
    assert chunk.columns == ["unit", "area_type", "members", "measure", "code", "flags"]


def test_two_registers_are_refused(tmp_path: Path) -> None:
    """Nobody can say which of the two to use; none at all is no problem."""
    assert register_path(tmp_path) is None
    path = write_register(tmp_path, FIVE)
    assert register_path(tmp_path) == path
    pl.DataFrame(FIVE).write_parquet(tmp_path / "register.parquet")
    (told,) = _messages(lambda: register_path(tmp_path))
    assert "có cả register.parquet và register.csv" in told


def test_a_sidecar_alone_is_refused(tmp_path: Path) -> None:
    """Something describes a register that is not there."""
    write_register(tmp_path, FIVE).unlink()
    (told,) = _messages(lambda: register_path(tmp_path))
    assert "register.meta.yml" in told


def _set(row: int, column: str, value: Any) -> Change:
    def change(rows: Rows) -> None:
        rows[row][column] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_set(1, "area", "9"), "area: 1 hộ có mã xã không có trong bảng communes: dòng 3 (“9”)"),
        (_set(0, "area", ""), "area: 1 hộ có ô trống: dòng 2"),
        (_set(4, "members", 0), "members: 1 hộ có số nhân khẩu nhỏ hơn 1: dòng 6 (“0”)"),
        (_set(4, "income", -5), "income: 1 hộ có thu nhập là số âm: dòng 6 (“-5”)"),
        (_set(2, "income", "1.500.000"), "income: 1 hộ có giá trị không phải số nguyên: dòng 4"),
        (_set(2, "water", 2), "water: 1 hộ có giá trị khác 0 và 1: dòng 4 (“2”)"),
        (_set(2, "dtts", "Thái"), "dtts: 1 hộ có giá trị không phải số nguyên: dòng 4 (“Thái”)"),
        (_set(3, "telecom", " "), "telecom: 1 hộ có ô trống: dòng 5"),
    ],
)
def test_a_wrong_cell_is_said_with_its_row(tmp_path: Path, change: Change, told: str) -> None:
    """Column, kind of problem, number of households, row in Excel, value."""
    rows = [dict(row) for row in FIVE]
    change(rows)
    (problem,) = _read(write_register(tmp_path, rows))
    assert f"register.csv, cột {told}" in problem
    assert "→" in problem


def test_each_kind_of_problem_is_said_once_and_all_together(tmp_path: Path) -> None:
    """A hundred wrong cells of a kind are one message with the first three, in any chunks."""
    rows = [household("16996", 0, 1_000_000, water="x") for _ in range(100)]
    rows += [household("1", 3, -1), household("16996", 3, 10)]
    path = write_register(tmp_path, rows)
    open_ = open_register(path, OLD, COMMUNES)
    told = _messages(lambda: list(read_chunks(open_, 7)))
    assert len(told) == 4
    assert "cột members: 100 hộ có số nhân khẩu nhỏ hơn 1: dòng 2 (“0”), dòng 3 (“0”)" in told[1]
    assert "dòng 4 (“0”) và 97 hộ khác" in told[1]
    assert ["cột area" in told[0], "cột income" in told[2], "cột water" in told[3]] == [True] * 3
    assert told == _messages(lambda: list(read_chunks(open_)))


def test_rows_of_a_parquet_file_are_counted_from_one(tmp_path: Path) -> None:
    """It has no row of headers: the second household is the second."""
    write_register(tmp_path, FIVE)
    path = tmp_path / "register.parquet"
    rows = [dict(row) for row in FIVE]
    rows[1]["members"] = None
    rows[2]["income"] = 1_500_000.5
    pl.DataFrame(rows, strict=False).write_parquet(path)
    members, income = _read(path)
    assert "1 hộ có ô trống: hộ thứ 2" in members
    assert "giá trị không phải số nguyên: hộ thứ 3 (“1500000.5”)" in income


@pytest.mark.parametrize("b2", [35, 130, -10])
def test_b2_is_ten_points_for_each_of_twelve(b2: int) -> None:
    """No other points can come about."""
    row = {"area": "16996", "members": 3, "b1": 100, "b2": b2}
    (told,) = _messages(lambda: count_register(register([row])))
    assert "điểm không phải bội số của 10 từ 0 đến 120: hộ thứ 1" in told


def test_b2_beside_the_indicators_has_to_agree() -> None:
    """Two statements about one household that differ are not mended."""
    rows = [row | {"b2": 10 * sum(row[key] for key in KEYS)} for row in FIVE]
    assert _summed(rows)["poor_households"] == 2
    rows[3]["b2"] = 40
    (told,) = _messages(lambda: count_register(register(rows)))
    assert "cột b2: 1 hộ có điểm B2 khác với số chỉ số thiếu hụt: hộ thứ 4 (“40”)" in told


def test_missing_columns_are_named_with_the_nearest(tmp_path: Path) -> None:
    """All at once, and not one word about cells before the columns are there."""
    slips = {"members": "member", "water": "watr"}
    rows = [{slips.get(name, name): value for name, value in row.items()} for row in FIVE]
    for row in rows:
        del row["income"], row["telecom"]
    told = _read(write_register(tmp_path, rows))
    assert len(told) == 4
    assert "thiếu cột members (“Số nhân khẩu”) → có phải là cột “member”?" in told[0]
    assert "thiếu cột income" in told[1]
    assert "hoặc cột b1" in told[1]
    assert "thiếu cột water" in told[2]
    assert "“watr”" in told[2]
    assert "thiếu cột telecom" in told[3]


def test_columns_that_contradict_or_that_the_standard_lacks_are_refused() -> None:
    """Income and B1 together; B1 or B2 where the standard has no such score; a column twice."""
    both = [row | {"b1": 100} for row in FIVE]
    assert "có cả cột income và cột b1" in _messages(lambda: register(both))[0]
    scores = [{"area": "16996", "members": 3, "b1": 100, "b2": 30}]
    told = _messages(lambda: register(scores, NEW))
    assert any("chưa có ngưỡng điểm B1" in item for item in told)
    assert any("chưa có điểm B2" in item for item in told)
    twice = [row | {"Bảo hiểm y tế": 0} for row in FIVE]
    assert "cột lặp lại" in _messages(lambda: register(twice))[0]


@pytest.mark.parametrize("text", ["", "area,members\n", "area,income\n1,2,3\n", "\x00PAR1"])
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, text: str) -> None:
    """Never a traceback, whatever the file holds."""
    path = write_register(tmp_path, FIVE)
    path.write_text(text, encoding="utf-8")
    assert _read(path)
    path = path.with_suffix(".parquet")
    path.write_text(text, encoding="utf-8")
    assert any("không đọc được danh sách hộ" in item for item in _read(path))


@pytest.mark.parametrize("coding", ["utf-16", "cp1258"])
def test_another_encoding_than_utf_8_is_refused(tmp_path: Path, coding: str) -> None:
    """Also where only a column that is not used has letters beyond ASCII."""
    path = write_register(tmp_path, [row | {"note": "Hà Tây"} for row in FIVE])
    path.write_bytes(path.read_text(encoding="utf-8").encode(coding))
    (told,) = _read(path)
    assert "UTF-8" in told


def test_blank_rows_are_passed_over_and_counted(tmp_path: Path) -> None:
    """Rows keep the numbers that Excel shows."""
    rows = [dict(row) for row in FIVE]
    rows[1]["members"] = 0
    path = write_register(tmp_path, rows)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(1, "," * lines[0].count(","))
    path.write_text("\n".join([*lines, "", ""]), encoding="utf-8")
    (told,) = _read(path)
    assert "1 hộ có số nhân khẩu nhỏ hơn 1: dòng 4" in told


def test_a_list_of_blank_rows_has_no_household(tmp_path: Path) -> None:
    """Rows without anything in them do not make a register."""
    path = write_register(tmp_path, FIVE)
    head = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(f"{head}\n{',' * head.count(',')}\n", encoding="utf-8")
    assert any("không có hộ nào" in problem for problem in _read(path))


def test_a_missing_sidecar_is_said_with_the_columns(tmp_path: Path) -> None:
    """Problems of both files come together."""
    path = write_register(tmp_path, [{"area": "1", "members": 3, "income": 5}])
    (tmp_path / "register.meta.yml").unlink()
    told = _read(path)
    assert "register.meta.yml" in told[0]
    assert len(told) == 1 + len(KEYS)


# Published tables


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    """Return the sample province, without a register yet."""
    return read_tables(tmp_path / "tinh", all_tables())


def test_a_province_without_a_register_has_empty_tables(shipped_plan: Plan, data: DataSet) -> None:
    """With all their columns, no marks and no inputs."""
    for name, make in (
        ("register_measures", register_measures),
        ("register_indicators", register_indicators),
    ):
        result = make(shipped_plan, data)
        assert result.frame.empty
        assert list(result.frame.columns) == list(spec(name).fields)
        assert (result.marks, result.inputs) == ((), ())


def test_the_five_households_as_published(
    shipped_plan: Plan, data: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H = 40%, A = 25%, M0 = 0.1; Vinh and Thái Hòa give half each; Kỳ Sơn has no row."""
    write_register(tmp_path / "tinh", FIVE)
    result = register_measures(shipped_plan, data)
    rows = result.frame.set_index("area_code")
    assert list(rows.index) == ["province", "mountains", "lowland", "dtts", "412", "414"]
    province = rows.loc["province"]
    assert province["standard"] == OLD.title
    assert list(province[["households", "persons", "poor_households"]]) == [5, 20, 2]
    assert province["poor_rate"] == province["headcount"] == Decimal("40.00")
    assert province["near_poor_rate"] == Decimal("20.00")
    assert (province["intensity"], province["mpi"]) == (Decimal("25.00"), Decimal("0.1000"))
    assert list(rows["mpi_contribution"]) == [Decimal(n) for n in (100, 50, 50, 50, 50, 50)]
    assert list(rows.loc["dtts", ["households", "poor_households"]]) == [2, 1]
    assert result.marks == ("secondary",)
    assert any(name.endswith("register.csv") for name in result.inputs)
    assert any(name.endswith("nd-07-2021.yaml") for name in result.inputs)
    indicators = register_indicators(shipped_plan, data)
    first = indicators.frame.iloc[0]
    assert (first["indicator"], first["label"]) == ("employment", "Việc làm")
    assert (first["raw"], first["censored"]) == (Decimal("60.00"), Decimal("40.00"))
    assert first["contribution"] == Decimal("33.33")
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path / "out"))
    assert "(6 dòng)" in publish("register_measures", result, "thu")
    assert "(72 dòng)" in publish("register_indicators", indicators, "thu")


def test_a_register_with_scores_has_measures_but_no_indicators(
    shipped_plan: Plan, data: DataSet, tmp_path: Path
) -> None:
    """B2 says how many are lacking, not which."""
    write_register(tmp_path / "tinh", [{"area": "16996", "members": 3, "b1": 140, "b2": 60}])
    assert register_measures(shipped_plan, data).frame["intensity"].iloc[0] == Decimal("50.00")
    assert register_indicators(shipped_plan, data).frame.empty


def test_the_date_of_the_register_chooses_the_standard(
    shipped_plan: Plan, data: DataSet, tmp_path: Path
) -> None:
    """The same households, dated 2027, are judged by the new lines."""
    more = {"household_waste": 0, "digital_services": 0}
    path = write_register(tmp_path / "tinh", [row | more for row in FIVE])
    sidecar = path.with_name("register.meta.yml")
    sidecar.write_text(sidecar.read_text(encoding="utf-8").replace("2024-12-31", "2027-06-30"))
    result = register_measures(shipped_plan, data)
    assert set(result.frame["standard"]) == {NEW.title}
    assert result.frame["poor_households"].iloc[0] == 3
    assert "unverified" in result.marks


# The made-up register


@pytest.mark.parametrize("name", ["register.parquet", "register.csv"])
def test_a_made_up_register_is_marked_and_reproducible(
    shipped_plan: Plan, data: DataSet, tmp_path: Path, name: str
) -> None:
    """The same bytes for the same seed, others for another, and “illustrative” on every table."""
    path = tmp_path / "tinh" / name
    made = [
        write_sample(
            path, profiles_of(data), OLD, 3_000, day=datetime.date(2024, 12, 31), seed=seed
        ).read_bytes()
        for seed in (2, 1, 1)
    ]
    assert made[0] != made[1] == made[2]
    sidecar = yaml.safe_load(path.with_name("register.meta.yml").read_text(encoding="utf-8"))
    assert sidecar["status"] == "illustrative"
    assert "KHÔNG PHẢI SỐ LIỆU THẬT" in sidecar["note"]
    assert (sidecar["seed"], sidecar["known"]["rows"]) == (1, 3_000)
    result = register_measures(shipped_plan, data)
    assert "illustrative" in result.marks
    assert result.frame["households"].iloc[0] == 3_000


def test_a_made_up_register_is_about_as_poor_as_the_province(
    shipped_plan: Plan, shipped_data: DataSet, tmp_path: Path
) -> None:
    """Each district's rates come within what chance allows of its communes' reported ones."""
    path = tmp_path / "register.parquet"
    write_sample(path, profiles_of(shipped_data), OLD, 300_000, day=datetime.date(2024, 12, 31))
    communes = shipped_data.communes
    districts = dict(zip(communes["code"], communes["district_code"], strict=True))
    kinds = dict(zip(communes["code"], communes["kind"], strict=True))
    found = classified(count_register(open_register(path, OLD, kinds), districts))
    reported = shipped_data.commune_poverty
    reported = reported[reported["year"] == reported["year"].max()]
    wanted = reported.groupby(reported["code"].map(districts))[
        ["households", "poor_households", "near_poor_households"]
    ].sum()
    assert list(found.index) == sorted(wanted.index)
    for name in ("poor_households", "near_poor_households"):
        share = wanted[name] / wanted["households"]
        spread = np.sqrt(share * (1 - share) / found["households"])
        assert (((found[name] / found["households"]) - share).abs() < 5 * spread + 1e-9).all()
    size = wanted["households"] * 300_000 / wanted["households"].sum()
    assert ((found["households"] - size).abs() <= 2).all()


def test_a_sample_read_in_part_is_the_same_households(data: DataSet) -> None:
    """Asking for fewer columns or rows does not change what is drawn."""
    whole = sample_frame(profiles_of(data), OLD, 2_000)
    frame = whole.collect()
    assert whole.select("income", "area").collect().equals(frame.select("income", "area"))
    assert whole.head(100).collect().equals(frame.head(100))
    assert (
        whole.filter(pl.col("members") == 3).collect().equals(frame.filter(pl.col("members") == 3))
    )


@pytest.mark.slow
def test_the_measuring_says_both_lines() -> None:
    """Small sizes go the same way as a million and twenty-six million."""
    small, large = bench_register(20_000, 50_000)
    assert "20.000 hộ" in small
    assert "mpitb" in small
    assert "50.000 hộ" in large
    assert "GiB" in large
