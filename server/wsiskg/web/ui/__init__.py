"""Pages for people, in the six languages of the United Nations."""
