"""What tests share: the shipped plan and data, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.allocation.engine import Allocation, allocate
from helpers.data.reading import DataSet, read_data
from helpers.plan.loading import load_plan
from helpers.plan.model import Plan

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shipped_plan() -> Plan:
    """Return the plan of Nghệ An for 2024."""
    return load_plan(ROOT / "params" / "nghe-an-2024.yaml")


@pytest.fixture(scope="session")
def shipped_data() -> DataSet:
    """Return its data."""
    return read_data(ROOT / "data" / "nghe-an-2024")


@pytest.fixture(scope="session")
def shipped_allocation(shipped_plan: Plan, shipped_data: DataSet) -> Allocation:
    """Return its allocation."""
    return allocate(shipped_plan, shipped_data)
