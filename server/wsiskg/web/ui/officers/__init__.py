"""Pages for those who send and publish proposals: check, sign in, publish."""
