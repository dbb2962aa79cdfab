"""Tell a planner where the finished reports are. Stdlib only."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path, PurePosixPath

from helpers.paths import relative
from helpers.runner import manifest

__all__ = ["places"]


def places(target: Path) -> list[str]:
    """Return lines that say where the index, the briefs and the tables are."""
    content = manifest.read(target)
    made = content.get("outputs", {})
    lines = [f"Mở trước:  {relative(target / 'index.html')}"] if "index.html" in made else []
    folders: dict[str, list[str]] = defaultdict(list)
    for job in content.get("jobs", []):
        at_top = [place for place in job["renders"] if "/" not in place]
        if at_top:
            files = ", ".join(relative(target / place) for place in at_top)
            lines.append(f"{job['label']}:  {files}")
        for place in job["renders"]:
            folders[PurePosixPath(place).parent.as_posix()].append(place)
    folders.pop(".", None)
    for folder, others in sorted(folders.items()):
        lines.append(f"{len(others)} văn bản khác:  {relative(target / folder)}/")
    tables = [place for place in made if place.startswith("tables/") and place.endswith(".csv")]
    if tables:
        lines.append(f"{len(tables)} bảng số liệu:  {relative(target / 'tables')}/")
    return lines
