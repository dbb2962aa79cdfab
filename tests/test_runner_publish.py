"""Reports are published whole or not at all, and a planner's own files survive."""

from __future__ import annotations

from pathlib import Path

import pytest
from runner_toys import contents

from helpers.runner import manifest, publish


def _reports(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _workshop(target: Path) -> Path:
    folder = publish.workshop(target) / "reports"
    folder.mkdir()
    return folder


def test_publishing_replaces_the_whole_folder(tmp_path: Path) -> None:
    """What the last build made and this one does not is gone afterwards."""
    target = _reports(tmp_path / "thu", cu="1", chung="1")
    made = manifest.outputs(target)
    new = _reports(_workshop(target), chung="2", moi="2")
    assert publish.publish(new, target, made) == []
    assert contents(target) == {"chung": b"2", "moi": b"2"}
    assert not (tmp_path / ".thu.old").exists()


def test_a_planners_own_files_are_carried_over(tmp_path: Path) -> None:
    """A signed copy laid beside the briefs is still there after the next build."""
    target = _reports(tmp_path / "thu", ban="1")
    made = manifest.outputs(target)
    _reports(target, da_ky="chữ ký", districts__ghi_chu="x")
    kept = publish.publish(_reports(_workshop(target), ban="2"), target, made)
    assert sorted(kept) == ["da_ky", "districts/ghi_chu"]
    assert (target / "da_ky").read_text(encoding="utf-8") == "chữ ký"


def test_a_brief_edited_by_hand_is_kept_aside(tmp_path: Path) -> None:
    """An edited document makes way for the new one, but its text is not lost."""
    target = _reports(tmp_path / "thu", ban="1")
    made = manifest.outputs(target)
    _reports(target, ban="sửa tay")
    kept = publish.publish(_reports(_workshop(target), ban="2"), target, made)
    assert kept == ["edited/ban"]
    assert (target / "ban").read_text(encoding="utf-8") == "2"
    assert (target / "edited" / "ban").read_text(encoding="utf-8") == "sửa tay"


def test_failed_runs_are_not_carried_over(tmp_path: Path) -> None:
    """The next good build takes away what the last failed one had left."""
    target = _reports(tmp_path / "thu", ban="1", failed__so="hỏng")
    new = _reports(_workshop(target), ban="2")
    assert publish.publish(new, target, {"ban": {"sha256": manifest.digest(target / "ban")}}) == []
    assert set(contents(target)) == {"ban"}


def test_a_crash_between_the_renames_is_repaired(tmp_path: Path) -> None:
    """With the old reports put aside and no new ones in place, the old ones come back."""
    target = _reports(tmp_path / "thu", ban="1")
    target.rename(tmp_path / ".thu.old")
    publish.repair(target)
    assert contents(target) == {"ban": b"1"}
    assert list(tmp_path.iterdir()) == [target]


def test_a_crash_after_the_renames_is_repaired(tmp_path: Path) -> None:
    """With the new reports in place, what is left of the old ones goes."""
    target = _reports(tmp_path / "thu", ban="2")
    _reports(tmp_path / ".thu.old", ban="1")
    publish.repair(target)
    assert contents(target) == {"ban": b"2"}
    assert list(tmp_path.iterdir()) == [target]


def test_a_refused_rename_leaves_the_old_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new folder cannot be put in place, the old one is back where it was."""
    target = _reports(tmp_path / "thu", ban="1")
    new = _reports(_workshop(target), ban="2")
    rename = Path.rename

    def refuse(self: Path, goal: Path) -> Path:
        if self == new:
            raise PermissionError("đang mở")
        return rename(self, goal)

    monkeypatch.setattr(publish, "_exchanged", lambda *_: False)  # as on other systems
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        publish.publish(new, target, manifest.outputs(target))
    assert contents(target) == {"ban": b"1"}


def test_what_is_left_of_builds_that_failed_goes(tmp_path: Path) -> None:
    """Failed runs and half-made reports are taken away; the reports and others' stay."""
    target = _reports(tmp_path / "thu", ban="1", failed__so="hỏng")
    _reports(publish.workshop(target), reports__ban="2")
    other = publish.workshop(tmp_path / "khac")
    publish.forget_failures(target)
    assert contents(target) == {"ban": b"1"}
    assert sorted(tmp_path.iterdir()) == [other, target]


def test_cleaning_takes_only_what_builds_made(tmp_path: Path) -> None:
    """`make clean` keeps a file that a planner laid into the reports."""
    target = _reports(tmp_path / "thu", ban="1", districts__a="1")
    made = '{"schema": 2, "outputs": ' + _json(manifest.outputs(target)) + "}"
    _reports(target, da_ky="x", failed__so="hỏng")
    (target / manifest.MANIFEST).write_text(made, encoding="utf-8")
    assert publish.remove_made(target) == ["da_ky"]
    assert set(contents(target)) == {"da_ky"}


def _json(value: object) -> str:
    import json

    return json.dumps(value)
