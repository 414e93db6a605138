"""The release's index: what lists, filters and search are answered from. Derived from the graphs, nothing else."""
