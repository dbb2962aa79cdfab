"""Returned workbooks read as districts send them: sheets, headers, units, numbers."""
