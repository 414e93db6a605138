"""Reports over HTTP: written in processes apart and kept."""
