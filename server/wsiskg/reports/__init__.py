"""Reports that people hand on: written from answers of the catalogue, as HTML, DOCX, PDF, Markdown, JSON or text."""
