"""Which nodes may break a shape, in columns: pySHACL need only look at those."""
