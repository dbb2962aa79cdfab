"""Giving account of an allocation: tables, explanations, comparisons, warnings, the register."""
