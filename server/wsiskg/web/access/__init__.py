"""Who may write: tokens, sessions of publishers, forms of our own pages, and the trail of what was written."""
