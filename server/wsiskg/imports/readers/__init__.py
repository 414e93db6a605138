"""Files of an export as streams of rows: workbooks, delimited texts, JSON, JSON Lines; never a whole file in memory."""
