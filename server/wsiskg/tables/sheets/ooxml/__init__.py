"""Workbooks changed in place: parts of a package (ECMA-376) edited where they must be and copied where not."""
