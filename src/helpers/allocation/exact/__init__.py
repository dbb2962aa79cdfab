"""Sharing one amount, or many, exactly: whole arrays of whole numbers, bounds, ties."""
