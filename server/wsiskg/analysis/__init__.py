"""The graph as a network: bridges, similarity, communities, robustness, prediction; and evidence over time."""
