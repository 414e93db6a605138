"""One module for each subject of a report: what it asks, and in which order it says it."""
