"""The six languages: translations of the pages, which language a reader likes best, addresses that name it."""
