"""Long work in processes apart: run within limits, looked at while it runs, fetched when it has ended."""
