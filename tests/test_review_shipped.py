"""The shipped review forms: every identity closes but for the two faults made on purpose."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.data.dataset import DataSet
from helpers.data.review.checks.disagreements import check_review
from helpers.data.review.forms import Form, review_forms
from helpers.data.review.model import Review
from helpers.data.review.reading import read_review, territory_of
from helpers.data.review.reconcile import reconcile
from helpers.plan.standards import Standard, load_standards, standard_at

FOLDER = Path(__file__).parents[1] / "data" / "nghe-an-2024" / "review"
LISTED = (1, 2, 3, 4, 6, 8, 9, 10, 11)
OF_EARLIER_YEARS = (1, 2, 3, 4, 6)
COUNTS = ["households", "poor_households", "near_poor_households"]
PERSONS = "_persons"
OF_CHILDREN = {"nutrition": "health", "child_schooling": "education"}
DEPARTMENT_HAS_LESS = {("424", "poor_households"): 5}
"""Anh Sơn's communes count so many more poor households than the department."""


@pytest.fixture(scope="module")
def standards() -> tuple[Standard, ...]:
    """Return the shipped poverty standards."""
    return load_standards()


@pytest.fixture(scope="module")
def sidecar() -> dict[str, object]:
    """Return the folder's sidecar as it stands in the file."""
    return yaml.safe_load((FOLDER / "review.meta.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def forms(standards: tuple[Standard, ...], sidecar: dict[str, object]) -> tuple[Form, ...]:
    """Return the forms as the standard of 2024 and the listed ethnic groups make them."""
    standard = standard_at(standards, datetime.date(2024, 12, 31))
    return review_forms(standard.indicator_names, sidecar["ethnicities"])


@pytest.fixture(scope="module")
def known_error() -> dict[str, object]:
    """Return the one known error on record."""
    (entry,) = yaml.safe_load((FOLDER / "corrections.yml").read_text(encoding="utf-8"))
    return entry


def written(number: int) -> pd.DataFrame:
    """Return a form's file, by year and code."""
    frame = pd.read_csv(FOLDER / f"bieu-{number:02d}.csv", dtype={"code": str})
    return frame.set_index(["year", "code"])


@pytest.fixture(scope="module")
def tables(known_error: dict[str, object]) -> dict[int, pd.DataFrame]:
    """Return every form's file, the known error corrected."""
    made = {number: written(number) for number in LISTED}
    cell = (known_error["year"], known_error["unit"]), known_error["column"]
    made[known_error["form"]].loc[cell] = known_error["corrected"]
    return made


@pytest.fixture(scope="module")
def shipped_review(shipped_data: DataSet, standards: tuple[Standard, ...]) -> Review:
    """Return the folder as it is read."""
    data = shipped_data
    return read_review(
        FOLDER, territory_of(data.districts, data.communes, data.former_communes), standards
    )


def of_districts(frame: pd.DataFrame, data: DataSet, year: int) -> pd.DataFrame:
    """Return a form's numbers by district, communes added up, in the order of the list."""
    rows = frame.loc[year].drop(columns="name")
    district = data.communes.set_index("code")["district_code"]
    codes = [district.get(code, code) for code in rows.index]
    return rows.groupby(codes).sum().loc[data.districts["code"]]


def closing(frame: pd.DataFrame, half: str) -> pd.Series:
    """Return what the formula of forms 2 and 3 makes of a row: 1−2−3−4+5+6+7+8."""
    columns = [name for name in frame.columns if name.endswith(PERSONS) == bool(half)][-9:]
    signs = (1, -1, -1, -1, 1, 1, 1, 1)
    return sum(sign * frame[name] for sign, name in zip(signs, columns[:8], strict=True))


def test_files_have_the_columns_of_their_forms(forms: tuple[Form, ...]) -> None:
    """Each file has year, code, name and then the form's counts, in their order."""
    for number in LISTED:
        header = (FOLDER / f"bieu-{number:02d}.csv").read_text("utf-8-sig").splitlines()[0]
        assert header.split(",") == ["year", "code", "name", *forms[number - 1].counted]
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(
        [*(f"bieu-{number:02d}.csv" for number in LISTED), "corrections.yml", "review.meta.yml"]
    )


def test_every_unit_returned_every_form(
    tables: dict[int, pd.DataFrame], shipped_data: DataSet
) -> None:
    """All communes for 2024, all districts for 2022 and 2023, in the order of their lists."""
    for number, frame in tables.items():
        units = {2024: shipped_data.communes}
        if number in OF_EARLIER_YEARS:
            units = {2022: shipped_data.districts, 2023: shipped_data.districts} | units
        expected = [
            (year, *row)
            for year, listed in units.items()
            for row in listed[["code", "name"]].itertuples(index=False, name=None)
        ]
        assert list(frame["name"].reset_index().itertuples(index=False, name=None)) == expected


def test_files_open_in_excel_and_stay_small() -> None:
    """UTF-8 with its mark in tables only, plain line ends, below 700 KB together."""
    size = 0
    for path in FOLDER.iterdir():
        content = path.read_bytes()
        size += len(content)
        text = content.decode("utf-8")
        assert text.startswith("\ufeff") == (path.suffix == ".csv")
        assert "\r" not in text
        assert pd.Series([text]).str.normalize("NFC").item() == text
    assert size < 700_000


def test_the_folder_is_marked(sidecar: dict[str, object]) -> None:
    """The sidecar says that nothing here is real, and names both faults and the generator."""
    assert sidecar["status"] == "illustrative"
    assert sidecar["note"].startswith("KHÔNG PHẢI SỐ LIỆU THẬT")
    assert "Châu Cường" in sidecar["note"]
    assert "Đức Sơn" in sidecar["note"]
    generator = (FOLDER.parent / sidecar["generator"]).read_text(encoding="utf-8")
    assert f"\nSEED = {sidecar['seed']}\n" in generator
    text = (FOLDER / "corrections.yml").read_text(encoding="utf-8")
    assert "MINH HỌA" in text


def test_form_1_is_the_department_but_for_one_district(
    tables: dict[int, pd.DataFrame], shipped_data: DataSet
) -> None:
    """Households, poor and near-poor are those of the department; Anh Sơn has five poor more."""
    department = shipped_data.poverty.set_index(["year", "district_code"])[COUNTS]
    differences = {}
    for year in (2022, 2023, 2024):
        found = of_districts(tables[1], shipped_data, year)[COUNTS]
        gaps = (found - department.loc[year].loc[found.index]).stack()
        differences |= {(year, *key): gap for key, gap in gaps[gaps != 0].items()}
    assert differences == {(2024, *key): gap for key, gap in DEPARTMENT_HAS_LESS.items()}


def test_households_have_a_plausible_size(
    tables: dict[int, pd.DataFrame], shipped_data: DataSet
) -> None:
    """Between 3.5 and 4.6 persons a household, most in the highlands; each class within all."""
    frame = tables[1]
    for year in (2022, 2023, 2024):
        sums = of_districts(frame, shipped_data, year)
        sums = sums.groupby(list(shipped_data.districts["region"])).sum()
        for persons, households in (
            ("persons", "households"),
            ("poor_persons", "poor_households"),
            ("near_poor_persons", "near_poor_households"),
            ("average_persons", "average_households"),
        ):
            sizes = sums[persons] / sums[households]
            assert sizes.between(3.5, 4.6).all()
            assert sizes.idxmax() == "highland"
    for rest in (
        frame["households"] - frame[[*COUNTS[1:], "average_households"]].sum(axis=1),
        frame["persons"]
        - frame[["poor_persons", "near_poor_persons", "average_persons"]].sum(axis=1),
    ):
        assert (rest >= 0).all()


@pytest.mark.parametrize("number", [2, 3])
def test_flows_close(tables: dict[int, pd.DataFrame], number: int) -> None:
    """Every row of forms 2 and 3 closes, households and persons, and agrees with form 1."""
    frame = tables[number]
    kind = {2: "poor", 3: "near_poor"}[number]
    for half, counted in (("", f"{kind}_households"), (PERSONS, f"{kind}_persons")):
        assert (closing(frame, half) == frame[f"closing{half}"]).all()
        assert (frame[f"closing{half}"] == tables[1][counted]).all()
    assert (frame.drop(columns="name") >= 0).all(axis=None)


def test_only_the_known_error_does_not_close(known_error: dict[str, object]) -> None:
    """In the file itself one row of form 2 fails, by as much as the correction says."""
    frame = written(2)
    gaps = frame["closing"] - closing(frame, "")
    gaps = gaps[gaps != 0]
    assert list(gaps.index) == [(known_error["year"], known_error["unit"])]
    assert gaps.item() == known_error["found"] - known_error["corrected"]
    assert sorted(str(known_error["found"])) == sorted(str(known_error["corrected"]))
    assert frame.loc[gaps.index[0], known_error["column"]] == known_error["found"]


def test_years_follow_one_another(tables: dict[int, pd.DataFrame], shipped_data: DataSet) -> None:
    """A year opens with the households and persons that the year before closed with."""
    for number, counted in ((2, "poor_households"), (3, "near_poor_households")):
        by_year = {
            year: of_districts(tables[number], shipped_data, year) for year in (2022, 2023, 2024)
        }
        for year in (2023, 2024):
            for half in ("", PERSONS):
                before = by_year[year - 1][f"closing{half}"]
                assert (by_year[year][f"opening{half}"] == before).all()
        first = shipped_data.poverty.query("year == 2021").set_index("district_code")[counted]
        assert (by_year[2022]["opening"] == first.loc[by_year[2022].index]).all()
        communes = shipped_data.commune_poverty.set_index("code")[counted]
        opening = tables[number].loc[2024, "opening"]
        assert (opening == communes.loc[opening.index]).all()


def test_what_leaves_one_form_enters_the_other(tables: dict[int, pd.DataFrame]) -> None:
    """Poor that became near-poor and near-poor that became poor are the same in forms 2 and 3."""
    poor, near = tables[2], tables[3]
    for half in ("", PERSONS):
        assert (poor[f"to_near_poor{half}"] == near[f"from_poor{half}"]).all()
        assert (poor[f"from_near_poor{half}"] == near[f"to_poor{half}"]).all()


@pytest.mark.parametrize("number", [2, 3, 8, 9])
def test_persons_follow_households(
    tables: dict[int, pd.DataFrame], forms: tuple[Form, ...], number: int
) -> None:
    """A pair has at least as many persons as households, and none where there is no household."""
    for column in forms[number - 1].columns:
        households, persons = (tables[number][column.key + half] for half in ("", PERSONS))
        assert (persons >= households).all()
        assert ((persons == 0) == (households == 0)).all()


def test_relapse_is_small_and_highest_in_the_highlands(
    tables: dict[int, pd.DataFrame], shipped_data: DataSet
) -> None:
    """Of those who escape about 1–4 in a hundred fall back, most where poverty is deepest."""
    for year in (2022, 2023, 2024):
        sums = of_districts(tables[2], shipped_data, year)
        sums = sums.groupby(list(shipped_data.districts["region"])).sum()
        shares = sums["relapsed"] / (sums["to_near_poor"] + sums["above"])
        assert shares.between(0.008, 0.04).all()
        assert list(shares.sort_values().index) == ["lowland", "mountainous", "highland"]
        assert (sums["newly"] > sums["relapsed"]).all()


def test_deprivations_meet_the_standard(
    tables: dict[int, pd.DataFrame], standards: tuple[Standard, ...], shipped_data: DataSet
) -> None:
    """Poor households lack three indicators or more, near-poor ones fewer, none more than all."""
    keys = [one.key for one in standard_at(standards, datetime.date(2024, 12, 31)).indicators]
    for number, counted in ((4, "poor_households"), (6, "near_poor_households")):
        frame = tables[number]
        assert (frame["households"] == tables[1][counted]).all()
        assert frame[keys].le(frame["households"], axis=0).all(axis=None)
        lacks = frame[keys].sum(axis=1)
        if number == 4:
            assert (lacks >= 3 * frame["households"]).all()
        else:
            assert (lacks <= 2 * frame["households"]).all()
        sums = of_districts(frame, shipped_data, 2024)
        sums = sums.groupby(list(shipped_data.districts["region"])).sum()
        shares = sums[keys].div(sums["households"], axis=0)
        for key in ("sanitation", "housing_quality", "information", "nutrition"):
            assert shares[key].idxmax() == "highland"
        assert shares["dependents"].idxmax() == "lowland"


def test_groups_of_the_poor(tables: dict[int, pd.DataFrame], shipped_data: DataSet) -> None:
    """Form 8 counts the poor; minorities are the department's; others fit overlapping groups."""
    frame = tables[8]
    assert (frame["households"] == tables[1].loc[[2024], "poor_households"]).all()
    assert (frame["households_persons"] == tables[1].loc[[2024], "poor_persons"]).all()
    minorities = of_districts(frame, shipped_data, 2024)["dtts"]
    known = shipped_data.dtts_poverty.query("year == 2024").set_index("district_code")
    assert (minorities == known["poor_households"].loc[minorities.index]).all()
    for half in ("", PERSONS):
        groups = frame[[f"{key}{half}" for key in ("dtts", "no_labour", "merit")]]
        whole, others = frame[f"households{half}"], frame[f"other{half}"]
        least = whole - groups.sum(axis=1)
        assert (others >= np.maximum(least, 0)).all()
        assert (others <= whole - groups.max(axis=1)).all()
        assert 40 <= (others != least).sum() <= 100


def test_ethnic_groups_of_the_poor(tables: dict[int, pd.DataFrame]) -> None:
    """Form 9 adds up to the poor, and its minorities to those of form 8; Ơ Đu live in one place."""
    frame, groups = tables[9], tables[8]
    for half in ("", PERSONS):
        columns = [f"ethnic_{place}{half}" for place in range(1, 8)]
        assert (frame[columns].sum(axis=1) == frame[f"households{half}"]).all()
        assert (frame[f"households{half}"] == groups[f"households{half}"]).all()
        assert (frame[columns[1:]].sum(axis=1) == groups[f"dtts{half}"]).all()
    assert list(frame.loc[frame["ethnic_6"] > 0, "name"]) == ["Nga My"]


def test_causes_of_poverty(tables: dict[int, pd.DataFrame]) -> None:
    """Every poor household has a cause, no cause has more households than there are poor."""
    frame = tables[10].drop(columns="name")
    assert (frame["households"] == tables[8]["households"]).all()
    causes = frame.drop(columns="households")
    assert causes.le(frame["households"], axis=0).all(axis=None)
    assert (causes.sum(axis=1) >= frame["households"]).all()


def test_children_of_the_poor(tables: dict[int, pd.DataFrame]) -> None:
    """There is a deprived child for each household that lacks an indicator of children."""
    frame = tables[11]
    for number, start, persons in (
        (4, "", "poor_persons"),
        (6, "near_", "near_poor_persons"),
    ):
        children = frame[f"{start}children"]
        assert (children <= tables[1].loc[[2024], persons]).all()
        for indicator, counted in OF_CHILDREN.items():
            assert (frame[start + counted] <= children).all()
            assert (frame[start + counted] >= tables[number].loc[[2024], indicator]).all()


def test_checks_find_only_what_was_made(
    shipped_review: Review, known_error: dict[str, object]
) -> None:
    """Of all checks only the known error disagrees; form 8's overlaps are noted, no more."""
    found = check_review(shipped_review)
    assert "lệch" not in set(found["result"])
    (known,) = found[found["result"] == "đã biết"].to_dict("records")
    assert (known["form"], known["unit_code"]) == ("Biểu 2", known_error["unit"])
    noted = found[found["result"] == "lưu ý"]
    assert set(noted["form"]) == {"Biểu 8"}
    (applied,) = shipped_review.applied.to_dict("records")
    assert (applied["found"], applied["corrected"]) == (
        known_error["found"],
        known_error["corrected"],
    )


def test_reconciliation_finds_one_district(shipped_data: DataSet, shipped_review: Review) -> None:
    """Returns and department differ in Anh Sơn's poor households of 2024, by five."""
    frame = reconcile(replace(shipped_data, review=shipped_review)).frame
    rows = frame[frame["difference"] != 0].to_dict("records")
    assert len(rows) == 1
    assert (rows[0]["year"], rows[0]["district"], rows[0]["difference"]) == (2024, "Anh Sơn", 5)
