"""The shipped data of Nghệ An: what is known is right, what is made is marked and adds up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.dataset import DataSet
from helpers.data.schemas import TABLES, label, raw_columns

FOLDER = Path(__file__).parents[1] / "data" / "nghe-an-2024"
CAPITAL = ("history", "carry_over", "movements")
FIRST = ("poverty", "criteria", "commune_poverty", "commune_criteria", *CAPITAL)
SECOND = ("dtts_poverty", "poverty_periods")
MADE = (*FIRST, *SECOND)
COUNTS = ["households", "poor_households", "near_poor_households"]
REVIEW = tuple(f"bieu-{form:02d}.csv" for form in (1, 2, 3, 4, 6, 8, 9, 10, 11))
GENERATORS = {
    "make_illustrative.py": tuple(f"{table}.csv" for table in FIRST),
    "make_illustrative_review.py": (
        *(f"{table}.csv" for table in SECOND),
        *(f"review/{name}" for name in (*REVIEW, "corrections.yml")),
    ),
}
MILLION = 10**6

# Announced for the province at the end of the year: poor, near-poor, rates; the mountains' rate.
ANNOUNCED = {
    2021: (66_673, 56_289, 780, 659, 1724),
    2024: (36_703, 47_838, 416, 542, 1035),
}


def hundredths(part: int, whole: int) -> int:
    """Return part of whole in hundredths of a percent, rounded half up, by hand."""
    tenfold = part * 100_000 // whole
    return (tenfold + 5) // 10


def counted(data: DataSet, year: int, regions: set[str]) -> tuple[int, int, int]:
    """Return households, poor and near-poor households of the regions' districts."""
    districts = data.districts
    codes = districts.loc[districts["region"].isin(regions), "code"]
    poverty = data.poverty
    rows = poverty[poverty["district_code"].isin(codes) & (poverty["year"] == year)]
    sums = rows[COUNTS].sum()
    return tuple(int(value) for value in sums)


ALL = {"highland", "mountainous", "lowland"}
MOUNTAINS = {"highland", "mountainous"}


@pytest.mark.parametrize("year", ANNOUNCED)
def test_sums_agree_with_announced_figures(shipped_data: DataSet, year: int) -> None:
    """Districts add up to the announced counts, and to the announced rates at two decimals."""
    poor, near_poor, poor_rate, near_poor_rate, mountains_rate = ANNOUNCED[year]
    households, found_poor, found_near_poor = counted(shipped_data, year, ALL)
    assert (found_poor, found_near_poor) == (poor, near_poor)
    assert hundredths(found_poor, households) == poor_rate
    assert hundredths(found_near_poor, households) == near_poor_rate
    in_mountains, poor_in_mountains, _ = counted(shipped_data, year, MOUNTAINS)
    assert hundredths(poor_in_mountains, in_mountains) == mountains_rate


def test_households_implied_by_the_rates(shipped_data: DataSet) -> None:
    """Households are those that the announced counts and rates imply, to the hundred."""
    assert counted(shipped_data, 2021, ALL)[0] == 854_500
    assert counted(shipped_data, 2024, ALL)[0] == 882_400


def test_rate_of_2022(shipped_data: DataSet) -> None:
    """The province's rate at the end of 2022 is 6.41%."""
    households, poor, _ = counted(shipped_data, 2022, ALL)
    assert hundredths(poor, households) == 641


def test_cuts_of_2024_lie_in_the_targets(shipped_data: DataSet) -> None:
    """The cut of 2024 is 1–1.5 points for the province, 2–3 for the mountains, 4–5 for the poor."""
    poor_codes = {"415", "416", "417", "418"}
    poverty = shipped_data.poverty[shipped_data.poverty["district_code"].isin(poor_codes)]
    sums = poverty.groupby("year")[["households", "poor_households"]].sum()
    poor = [hundredths(*map(int, sums.loc[year, ["poor_households", "households"]]))
            for year in (2023, 2024)]  # fmt: skip
    cuts = [poor[0] - poor[1]]
    for regions in (MOUNTAINS, ALL):
        rates = [counted(shipped_data, year, regions) for year in (2023, 2024)]
        cuts.append(hundredths(*rates[0][1::-1]) - hundredths(*rates[1][1::-1]))
    assert 400 <= cuts[0] <= 500
    assert 200 <= cuts[1] <= 300
    assert 100 <= cuts[2] <= 150


def test_every_rate_falls_smoothly(shipped_data: DataSet) -> None:
    """No district's rate rises, and no number of households moves by more than 3% in a year."""
    for _, rows in shipped_data.poverty.sort_values("year").groupby("district_code"):
        rates = rows["poor_households"] / rows["households"]
        assert rates.is_monotonic_decreasing
        assert rows["households"].pct_change().dropna().abs().max() < 0.03


@pytest.mark.parametrize("generator", GENERATORS)
def test_generator_makes_the_committed_bytes(tmp_path: Path, generator: str) -> None:
    """Running a generator by itself gives the very files that ship, whatever the hash seed."""
    for seed in ("0", "1"):
        script = [sys.executable, "-B", str(FOLDER / generator), str(tmp_path)]
        subprocess.run(script, check=True, timeout=60, env={**os.environ, "PYTHONHASHSEED": seed})
        made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
        assert made == set(map(Path, GENERATORS[generator]))
        for path in made:
            assert (tmp_path / path).read_bytes() == (FOLDER / path).read_bytes()


def test_made_data_is_marked(shipped_data: DataSet) -> None:
    """Tables that were made say so in status, title and note, and name generator and seed."""
    for table in MADE:
        sidecar = shipped_data.sidecars[table]
        assert sidecar.status == "illustrative"
        assert "minh họa" in sidecar.title
        assert sidecar.note.startswith("KHÔNG PHẢI SỐ LIỆU THẬT")
        script = (FOLDER / sidecar.generator).read_text(encoding="utf-8")
        assert re.findall(r"^SEED = (\d+)$", script, re.MULTILINE) == [str(sidecar.seed)]
        assert f"{table}.csv" in GENERATORS[sidecar.generator]
    assert shipped_data.marks(*MADE) == ("illustrative",)


def test_totals_are_marked_second_hand(shipped_data: DataSet) -> None:
    """The announced totals confess that they were not compared with the original."""
    assert shipped_data.marks("province_totals") == ("secondary",)
    sources = shipped_data.province_totals.set_index("status")["source"]
    assert sources.loc["official"].str.contains("nguồn thứ cấp, chưa đối chiếu").all()


def test_sidecars_describe_every_column(shipped_data: DataSet) -> None:
    """Each shipped sidecar has each column once, with the label that readers and checks use."""
    for table, sidecar in shipped_data.sidecars.items():
        assert tuple(sidecar.columns) == raw_columns(table)
        for column, note in sidecar.columns.items():
            assert note.label == label(table, column)
            assert note.unit == TABLES[table].columns[column].unit


def test_districts(shipped_data: DataSet) -> None:
    """21 districts: 5 highland, 6 mountainous, 10 lowland, 4 poor; one tile for each."""
    districts = shipped_data.districts
    assert districts["region"].value_counts().to_dict() == {
        "highland": 5,
        "mountainous": 6,
        "lowland": 10,
    }
    poor = districts.loc[districts["poor_district"] == "yes", "name"]
    assert set(poor) == {"Kỳ Sơn", "Tương Dương", "Quế Phong", "Quỳ Châu"}
    assert not districts.duplicated(["tile_row", "tile_column"]).any()
    assert abs(sum(districts["area_km2"]) - 16_490) * 1000 < 5 * 16_490


def test_communes(shipped_data: DataSet) -> None:
    """460 communes, of each district at least seven; khu vực is not guessed."""
    communes = shipped_data.communes
    assert len(communes) == 460
    assert communes["kind"].value_counts().to_dict() == {"xã": 411, "phường": 32, "thị trấn": 17}
    assert communes["district"].value_counts().min() == 7
    assert set(communes["khu_vuc"]) == {""}
    assert set(communes["code"].str.len()) == {5}


def test_criteria(shipped_data: DataSet) -> None:
    """76 communes in special difficulty, none in the lowland; houses only in poor districts."""
    frame = shipped_data.criteria.merge(
        shipped_data.districts, left_on="district_code", right_on="code"
    ).set_index("district")
    communes = frame["special_difficulty_communes"]
    assert communes.sum() == 76
    assert (communes[frame["region"] == "lowland"] == 0).all()
    assert set(communes.nlargest(3).index) == {"Kỳ Sơn", "Tương Dương", "Quế Phong"}
    assert ((frame["housing_need"] > 0) == (frame["poor_district"] == "yes")).all()
    assert (frame["poor_workers"] > 0).all()
    sizes = shipped_data.communes["district"].value_counts()
    assert (communes <= sizes.reindex(communes.index)).all()


def test_communes_add_up_to_their_districts(shipped_data: DataSet) -> None:
    """Every commune is there once, and their households, poor and near-poor are the districts'."""
    frame = shipped_data.commune_poverty
    communes = shipped_data.communes.set_index("code")["district_code"]
    assert frame["code"].to_list() == communes.index.to_list()
    assert set(frame["year"]) == {2023}
    sums = frame[COUNTS].groupby(frame["code"].map(communes)).sum()
    poverty = shipped_data.poverty
    districts = poverty[poverty["year"] == 2023].set_index("district_code")[COUNTS]
    assert (sums == districts.loc[sums.index]).all(axis=None)
    assert (frame["poor_households"] > 0).all()


def test_communes_in_special_difficulty(shipped_data: DataSet) -> None:
    """As many communes are marked as each district has, none a ward, all poorer than the rest."""
    frame = shipped_data.commune_criteria.merge(shipped_data.commune_poverty, on="code").merge(
        shipped_data.communes[["code", "kind", "district"]], on="code"
    )
    marked = frame["special_difficulty"] == "yes"
    assert marked.sum() == 76
    given = shipped_data.criteria.set_index("district")["special_difficulty_communes"]
    assert marked.groupby(frame["district"]).sum().to_dict() == given.to_dict()
    assert set(frame.loc[marked, "kind"]) == {"xã"}
    frame["rate"] = frame["poor_households"] / frame["households"]
    for _, rows in frame[frame["district"].isin(given[given > 0].index)].groupby("district"):
        rates = rows.groupby("special_difficulty")["rate"]
        assert rates.mean()["yes"] > rates.mean()["no"]


def test_ethnic_minorities_agree_with_announced_figures(shipped_data: DataSet) -> None:
    """The minorities' poor of 2024 are the announced ones, the rates of 2021 and 2024 too."""
    sums = shipped_data.dtts_poverty.groupby("year")[COUNTS].sum()
    assert sums.loc[2024, "poor_households"] == 28_255
    for year, rate in ((2021, 3858), (2024, 2492)):
        assert hundredths(*map(int, sums.loc[year, ["poor_households", "households"]])) == rate
    rates = sums["poor_households"] / sums["households"]
    assert (rates.diff().dropna() < -0.03).all()


def test_ethnic_minorities_are_part_of_their_district(shipped_data: DataSet) -> None:
    """No count of the minorities exceeds the district's, nor does the count of all others."""
    keys = ["district_code", "year"]
    part = shipped_data.dtts_poverty.set_index(keys)[COUNTS]
    whole = shipped_data.poverty.set_index(keys)[COUNTS].loc[part.index]
    assert len(part) == len(shipped_data.poverty)
    for frame in (part, whole - part):
        assert (frame >= 0).all(axis=None)
        assert (frame.iloc[:, 1] + frame.iloc[:, 2] <= frame.iloc[:, 0]).all()
    rates = (part["poor_households"] / part["households"]).dropna()
    assert (rates.groupby(level=0).diff().dropna() < 0).all()
    lowland = set(shipped_data.districts.query("region == 'lowland'")["code"])
    last = part.xs(2024, level="year")["poor_households"]
    assert last[last.index.isin(lowland)].max() < 50
    assert (last == 0).sum() == 6


def test_reports_within_the_year_lie_between_year_ends(shipped_data: DataSet) -> None:
    """Three reports of all districts; households grow evenly, the poor never rise in between."""
    frame = shipped_data.poverty_periods.sort_values(["date", "district_code"])
    days = [day.isoformat() for day in sorted(set(frame["date"]))]
    assert days == ["2024-03-31", "2024-06-30", "2024-09-30"]
    ends = shipped_data.poverty.set_index(["year", "district_code"])[COUNTS].sort_index()
    steps = [ends.loc[2023]]
    steps += [rows.set_index("district_code")[COUNTS] for _, rows in frame.groupby("date")]
    steps.append(ends.loc[2024])
    growth = ends.loc[2024, "households"] - ends.loc[2023, "households"]
    for quarter, (before, now) in enumerate(pairwise(steps), start=1):
        assert list(now.index) == list(before.index) == sorted(shipped_data.districts["code"])
        assert (now["poor_households"] <= before["poor_households"]).all()
        grown = now["households"] - ends.loc[2023, "households"]
        assert (grown - growth * quarter / 4).abs().max() <= 1


def test_poverty_falls_late_in_the_year(shipped_data: DataSet) -> None:
    """By June the province has made a third of the year's cut; by September districts differ."""
    counts = shipped_data.poverty.pivot(
        index="district_code", columns="year", values="poor_households"
    )
    reports = shipped_data.poverty_periods.assign(
        date=[day.isoformat() for day in shipped_data.poverty_periods["date"]]
    ).pivot(index="district_code", columns="date", values="poor_households")
    year = counts[2023] - counts[2024]
    june, september = (counts[2023] - reports[day] for day in ("2024-06-30", "2024-09-30"))
    assert 0.25 < june.sum() / year.sum() < 0.40
    shares = september / year
    assert (shares > 0.85).sum() >= 4
    assert (shares < 0.45).sum() >= 3
    assert shares.between(0.45, 0.65).sum() >= 4


def test_history(shipped_data: DataSet) -> None:
    """The known figures are met: investment of 2022, and 31.84% of Tương Dương's DA2."""
    frame = shipped_data.history
    totals = frame.groupby(["year", "capital_type"])["assigned"].sum()
    assert totals.loc[2022, "ĐTPT"] == 305_531 * MILLION
    assert 400_000 * MILLION < totals.loc[2023].sum() < 603_736 * MILLION
    assert (frame["assigned"] % MILLION == 0).all()
    known = frame[(frame["unit"] == "Tương Dương") & (frame["line"] == "DA2")]
    assert hundredths(int(known["disbursed"].sum()), int(known["assigned"].sum())) == 3184
    investment = frame[frame["capital_type"] == "ĐTPT"]
    assert set(investment["line"]) == {"DA1-TDA1", "DA4-TDA1", "DA4-TDA3"}
    poor = {"Kỳ Sơn", "Tương Dương", "Quế Phong", "Quỳ Châu"}
    assert set(frame.loc[frame["line"].isin(["DA1-TDA1", "DA5"]), "unit"]) == poor
    assert set(frame["unit"]) > set(shipped_data.districts["name"])
    others = set(frame["unit"]) - set(shipped_data.districts["name"])
    assert {name.split()[0] for name in others} == {"Sở", "Ban"}
    assert len(frame["line"].unique()) == 12


def test_carry_over(shipped_data: DataSet) -> None:
    """What is carried over is all that was left of a line: assigned − disbursed; no more."""
    key = ["unit", "year", "line", "source", "capital_type"]
    carried = shipped_data.carry_over.rename(columns={"vintage": "year"})
    joined = shipped_data.history.merge(carried, on=key, how="outer", indicator=True)
    assert set(joined["_merge"]) == {"both", "left_only"}
    both = joined[joined["_merge"] == "both"]
    assert (both["assigned"] - both["disbursed"] == both["amount"]).all()
    assert set(shipped_data.carry_over["source"]) == {"NSTW"}


def test_movements(shipped_data: DataSet) -> None:
    """Transfers and a return of 2024, each of which says that its document is no real one."""
    frame = shipped_data.movements
    assert set(frame["kind"]) == {"transfer", "return"}
    assert 3 <= len(frame) <= 5
    assert frame["document"].str.startswith("Minh họa: ").all()
    assert {day.year for day in frame["date"]} == {2024}
    assert {*frame["unit"], *frame["to_unit"]} - {""} <= set(shipped_data.districts["name"])


def test_amounts_are_written_with_their_unit() -> None:
    """Amounts of capital stand in the files as planners write them, in whole triệu."""
    for table in CAPITAL:
        rows = (FOLDER / f"{table}.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
        assert all(re.search(r",\d{1,3}(\.\d{3})* triệu", row) for row in rows)


def test_files_are_even(shipped_data: DataSet) -> None:
    """Files open in Excel by a double click (UTF-8 with its mark) and are in form NFC."""
    for path in shipped_data.files:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("\ufeff") == (path.suffix == ".csv")
        assert pd.Series([text]).str.normalize("NFC").item() == text
        assert "\r" not in text
