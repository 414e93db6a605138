"""Suggested tags: what the words of a project speak for, to be judged by a person; never evidence."""
