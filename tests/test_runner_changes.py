"""After a build, the planner is told which values are no longer what they were."""

from __future__ import annotations

from pathlib import Path

from helpers.runner import changes

KEY = "key: [project, year]\n"


def _tables(folder: Path, text: str, key: str = KEY) -> Path:
    (folder / "tables").mkdir(parents=True)
    (folder / "tables" / "von.csv").write_text(text, encoding="utf-8-sig")
    (folder / "tables" / "von.meta.yml").write_text(key, encoding="utf-8")
    return folder


BEFORE = "project,year,total,note\nDA5,2024,79240000000,a\nDA6,2024,1.5,\nDA7,2024,1,\n"
AFTER = "project,year,total,note\nDA6,2024,2.5,\nDA5,2024,80000000000,b\nDA8,2024,1,\n"


def test_values_are_compared_by_key_not_by_place(tmp_path: Path) -> None:
    """Rows that only moved are no change; changed values, new and lost rows are."""
    found = changes.compare(_tables(tmp_path / "a", BEFORE), _tables(tmp_path / "b", AFTER))
    assert {(change.row, change.column, change.before, change.after) for change in found} == {
        ("DA6 · 2024", "total", "1.5", "2.5"),
        ("DA5 · 2024", "total", "79240000000", "80000000000"),
        ("DA5 · 2024", "note", "a", "b"),
        ("DA8 · 2024", "", "", "hàng mới"),
        ("DA7 · 2024", "", "hàng không còn", ""),
    }


def test_without_a_key_rows_are_told_by_number(tmp_path: Path) -> None:
    """A table whose sidecar names no key is compared row by row."""
    before = _tables(tmp_path / "a", "x\n1\n2\n", key="")
    after = _tables(tmp_path / "b", "x\n1\n3\n", key="")
    (change,) = changes.compare(before, after)
    assert change == changes.Change("von", "hàng 2", "x", "2", "3")


def test_a_new_table_is_no_change(tmp_path: Path) -> None:
    """Only tables that both builds have are compared."""
    (tmp_path / "a").mkdir()
    assert changes.compare(tmp_path / "a", _tables(tmp_path / "b", AFTER)) == ()


def test_the_summary_speaks_vietnamese_numbers_and_shows_the_largest_moves(tmp_path: Path) -> None:
    """Lines are few and worded for a planner, the largest moves of a table first."""
    found = changes.compare(_tables(tmp_path / "a", BEFORE), _tables(tmp_path / "b", AFTER))
    lines = changes.summary(found)
    assert lines[0] == "bảng von, DA6 · 2024, total: 1,5 → 2,5"
    assert lines[1] == "bảng von, DA5 · 2024, total: 79.240.000.000 → 80.000.000.000"
    assert lines[-1] == "… và 2 thay đổi khác"
    many = [changes.Change(f"b{n % 9}", str(n), "x", "1", str(n + 2)) for n in range(200)]
    assert len(changes.summary(many)) == changes.SHOWN + 1


def test_of_long_texts_only_the_difference_is_shown() -> None:
    """A rule of many words in which one number changed shows that number and a little around it."""
    before = "mức độ nghèo (dưới 5%: 5 điểm; từ 5% đến dưới 15%: 15 điểm; từ 45% trở lên: 60 điểm)"
    change = changes.Change("rules_in_force", "DA2", "criteria", before, before.replace("60", "80"))
    assert str(change) == (
        "bảng rules_in_force, DA2, criteria: …ểm; từ 45% trở lên: 60 điểm)"
        " → …ểm; từ 45% trở lên: 80 điểm)"
    )
    longer = changes.Change("b", "x", "y", "a" * 70, "a" * 70 + "z")
    assert str(longer).endswith("…" + "a" * 20 + " → …" + "a" * 20 + "z")


def test_the_summary_leaves_digests_out() -> None:
    """That a file's digest has changed tells a planner nothing that its values do not."""
    digest = changes.Change("data_sources", "movements", "sha256", "a" * 64, "b" * 64)
    value = changes.Change("von", "DA5", "total", "1", "2")
    assert changes.summary([digest, value]) == [str(value), "… và 1 thay đổi khác"]


def test_the_whole_list_opens_in_excel(tmp_path: Path) -> None:
    """The file starts with the mark by which Excel knows UTF-8."""
    path = tmp_path / "changes.csv"
    changes.write(path, [changes.Change("vốn", "Kỳ Sơn", "tổng", "1", "2")])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == "vốn,Kỳ Sơn,tổng,1,2"
