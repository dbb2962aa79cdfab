"""Where poverty stands: rates from counts, by area and year-end."""
