"""Queries in processes of their own: killed when time is up or the client has gone, and replaced."""
