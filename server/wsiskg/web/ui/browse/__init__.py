"""What readers browse: single things, projects, search, reports, and views for other sites."""
