"""Data quality: what is missing, unverified or contradictory in a release."""
