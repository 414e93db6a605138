"""Exports of the stocktaking database and of the prizes, as they come, to rows of the evidence tables."""
