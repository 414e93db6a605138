"""Sheets of strangers: workbooks and delimited text as cells, read within limits, before anything is understood."""
