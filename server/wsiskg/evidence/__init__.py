"""Evidence: projects and prizes that carry both ends of a link, counted once for all pairs."""
