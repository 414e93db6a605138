"""The release being served: its workers, answers kept, index, other endpoints, and what operators look at."""
