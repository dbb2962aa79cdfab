"""How households came into poverty and left it, from the review's forms 2 and 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.poverty.reported import area_sums, table_frame
from helpers.rates import announced_rate

__all__ = ["KINDS", "poverty_flows"]

KINDS: Mapping[str, tuple[int, str, str]] = MappingProxyType(
    {
        "poor": (2, "to_near_poor", "from_near_poor"),
        "near_poor": (3, "to_poor", "from_poor"),
    }
)
"""Each kind of household: its form, and the columns that lead to and from the other kind."""


def poverty_flows(data: DataSet) -> Result:
    """Return the flows of the year by kind, area and year-end (diễn biến hộ nghèo, hộ cận nghèo).

    Households only; the persons' halves stay in the forms. Kind "poor" is form 2 (Biểu 2),
    "near_poor" form 3 (Biểu 3). Areas are the groups of districts and every district; an area is
    left out of a year-end for which not all its districts have reported.

    From the forms' columns: `opening` 1 (đầu kỳ) · `changed` 2 (poor households that became
    near-poor; of kind "near_poor" those that became poor) · `above` 3 (vượt chuẩn cận nghèo) ·
    `other_decrease` 4 (giảm khác) · `from_other` 5 (from near-poor to poor; of kind "near_poor"
    from poor to near-poor) · `relapsed` 6 (tái nghèo, tái cận nghèo) · `newly` 7 (phát sinh mới) ·
    `other_increase` 8 (tăng khác).

    Computed: `gross_out` = 2+3+4 · `gross_in` = 5+6+7+8 · `net` = gross_out − gross_in (giảm
    thuần) · `closing` = opening − net, which is column 9's formula; where a form reports another
    closing number, the checks of the review say so. `relapse_rate` is 6 in percent of 2+3: of
    kind "poor" households that fell back in the year for every hundred that escaped in it (tái
    nghèo so với số hộ thoát nghèo trong năm), which may exceed 100, as those that fall back
    escaped in earlier years; blank where none escaped.
    """
    frame = table_frame("flows", _rows(data))
    return Result(frame, data.marks("review"), data.names("review", "districts"))


def _rows(data: DataSet) -> Iterator[Mapping[str, object]]:
    for kind, (form, into_other, from_other) in KINDS.items():
        for area, year, sums in area_sums(data, form):
            changed, above, relapsed = sums[into_other], sums["above"], sums["relapsed"]
            gross_out = changed + above + sums["other_decrease"]
            gross_in = sums[from_other] + relapsed + sums["newly"] + sums["other_increase"]
            escaped = changed + above
            yield {
                "kind": kind,
                "group": area.group,
                "area_code": area.code,
                "area": area.name,
                "year": year,
                "opening": sums["opening"],
                "changed": changed,
                "above": above,
                "other_decrease": sums["other_decrease"],
                "from_other": sums[from_other],
                "relapsed": relapsed,
                "newly": sums["newly"],
                "other_increase": sums["other_increase"],
                "closing": sums["opening"] - gross_out + gross_in,
                "gross_out": gross_out,
                "gross_in": gross_in,
                "net": gross_out - gross_in,
                "relapse_rate": announced_rate(relapsed, escaped) if escaped else None,
            }
