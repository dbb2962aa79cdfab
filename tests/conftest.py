"""What tests share: the shipped plan and data, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from helpers.allocation.accounts import compare, counterpart, register, trail
from helpers.allocation.accounts import tables as allocation_tables
from helpers.allocation.accounts.warnings import allocation_warnings
from helpers.allocation.engine import Allocation, allocate
from helpers.brief.reader import Brief
from helpers.data.dataset import DataSet
from helpers.data.plan_facts import plan_facts
from helpers.data.plan_texts import plan_texts
from helpers.data.published import publish
from helpers.data.reading import read_data
from helpers.data.review import tables as review_tables
from helpers.data.tables import data_checks, data_sources
from helpers.desk import Desk
from helpers.plan.loading import load_plan
from helpers.plan.model import Plan
from helpers.plan.rules.model import RuleSet
from helpers.poverty.flows import poverty_flows
from helpers.poverty.moves import rate_moves
from helpers.poverty.profile import commune_rates, deprivations, poor_profile
from helpers.poverty.rates import poverty_rates
from helpers.poverty.register_tables import register_indicators, register_measures
from helpers.progress.at_risk import districts_at_risk
from helpers.progress.forecast import year_end_forecast
from helpers.progress.risks import main_risks
from helpers.progress.targets import count_targets, target_progress

ROOT = Path(__file__).parents[1]

# A busy machine is no failure: properties are about values, never about time.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


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


@pytest.fixture(scope="session")
def other_rules(shipped_plan: Plan) -> RuleSet:
    """Return the rule set that the plan's own is compared with."""
    assert shipped_plan.other_rules
    return shipped_plan.other_rules


@pytest.fixture(scope="session")
def shipped_brief(
    tmp_path_factory: pytest.TempPathFactory,
    shipped_plan: Plan,
    shipped_data: DataSet,
    shipped_allocation: Allocation,
) -> Brief:
    """Return the published tables of the shipped plan, as a brief notebook sees them."""
    output = tmp_path_factory.mktemp("published")
    ledger = register.open_register(shipped_allocation)
    other = allocate(shipped_plan, shipped_data, shipped_plan.other_rules)
    last_year = compare.compare_last_year(shipped_allocation)
    by_rules = compare.compare_rules(other, shipped_allocation)
    carried = register.carried_rows(shipped_allocation, ledger)
    results = {
        "plan_facts": plan_facts(shipped_plan),
        "plan_texts": plan_texts(shipped_plan),
        "data_sources": data_sources(shipped_data),
        "data_checks": data_checks(shipped_plan, shipped_data),
        "capital_by_project": allocation_tables.capital_by_project(shipped_allocation),
        "capital_by_district": allocation_tables.capital_by_district(shipped_allocation),
        "capital_by_district_project": allocation_tables.capital_by_district_project(
            shipped_allocation
        ),
        "district_lines": allocation_tables.district_lines(shipped_allocation),
        "agency_lines": allocation_tables.agency_lines(shipped_allocation),
        "commune_lines": allocation_tables.commune_lines(shipped_allocation),
        "pots": allocation_tables.pots_table(shipped_allocation),
        "not_allocated": allocation_tables.not_allocated(shipped_allocation),
        "rules_in_force": trail.rules_in_force(shipped_allocation),
        "coefficients": trail.coefficients(shipped_allocation),
        "parameter_status": trail.parameter_status(shipped_allocation),
        "rounding": trail.rounding_table(shipped_allocation),
        "allocation": allocation_tables.allocation_table(shipped_allocation, carried),
        "allocation_warnings": allocation_warnings(shipped_allocation, carried),
        "counterpart": counterpart.counterpart_table(shipped_allocation),
        "counterpart_by_district": counterpart.counterpart_by_district(shipped_allocation),
        "comparison_last_year": last_year,
        "last_year_effects": compare.last_year_effects(shipped_allocation),
        "comparison_rules": by_rules,
        "rule_effects": compare.comparison_effects(other, shipped_allocation),
        "biggest_moves_last_year": compare.biggest_moves(last_year),
        "biggest_moves_rules": compare.biggest_moves(by_rules),
        "movements": register.movements_table(shipped_allocation, ledger),
        "balances": register.balances_table(shipped_allocation, ledger),
        "capital_by_vintage": register.capital_by_vintage(shipped_allocation, ledger),
        "poverty_rates": poverty_rates(shipped_data),
        "targets": target_progress(shipped_plan, shipped_data),
        "count_targets": count_targets(shipped_plan, shipped_data),
        "forecast": year_end_forecast(shipped_plan, shipped_data),
        "review_checks": review_tables.review_checks(shipped_data),
        "known_errors": review_tables.known_errors(shipped_data),
        "reconciliation": review_tables.reconciliation(shipped_data),
        "flows": poverty_flows(shipped_data),
        "rate_moves": rate_moves(shipped_data),
        "deprivations": deprivations(shipped_data),
        "poor_profile": poor_profile(shipped_data),
        "commune_rates": commune_rates(shipped_data),
        "register_measures": register_measures(shipped_plan, shipped_data),
        "register_indicators": register_indicators(shipped_plan, shipped_data),
    }
    desk = Desk(shipped_plan, shipped_data)
    brief = Brief(shipped_plan.id, output)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELPERS_OUTPUT", str(output))
        for name, result in results.items():
            publish(name, desk.guarded(name, result), shipped_plan.id)
        names = (
            "targets",
            "capital_by_project",
            "rules_in_force",
            "capital_by_district",
            "data_checks",
        )
        publish("risks", main_risks(*(brief.table(name) for name in names)), shipped_plan.id)
        names = ("targets", "forecast", "flows", "review_checks", "commune_rates")
        at_risk = districts_at_risk(*(brief.table(name) for name in names))
        publish("districts_at_risk", at_risk, shipped_plan.id)
    return brief
