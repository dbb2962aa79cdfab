"""What targets must not tell of flows whose numbers are withheld."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from helpers.data.published import SUPPRESSED, Result

__all__ = ["withhold_inflows"]

FLOWS = ("from_other", "relapsed", "newly", "other_increase")
"""The flows from whose sum an expected inflow is made, and what their published total adds."""


def withhold_inflows(targets: Result, flows: Callable[[], Result]) -> Result:
    """Return the targets without the inflows that would tell of a withheld flow.

    An inflow is a part of the last year's flows into poverty: printed beside a total of which
    single flows are withheld, it could give them away. `flows` gives the guarded flows; they are
    asked for only where an inflow is expected at all.
    """
    frame = targets.frame
    expected = pd.to_numeric(frame["inflow"]).fillna(0) > 0
    if not expected.any():
        return targets
    poor = flows().frame
    poor = poor[poor["kind"] == "poor"]
    latest = poor[poor["year"] == poor["year"].max()].set_index("area_code")
    withheld = (latest[list(FLOWS)] == SUPPRESSED).any(axis=1)
    hidden = frame["area_code"].map(withheld).eq(True) & expected
    columns = {
        name: frame[name].astype(object).mask(hidden, SUPPRESSED)
        for name in ("inflow", "gross_to_low")
    }
    return replace(targets, frame=frame.assign(**columns))
