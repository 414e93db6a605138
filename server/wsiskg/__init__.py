"""WSIS knowledge graph: action lines, Sustainable Development Goals, and the evidence that links them."""

__all__ = ["__version__"]

__version__ = "0.1.0"
