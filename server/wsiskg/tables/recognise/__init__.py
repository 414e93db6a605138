"""Codes as people write them: action lines, SDGs, agencies and plain values recognised, never guessed."""
