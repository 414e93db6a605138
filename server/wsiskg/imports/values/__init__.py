"""Values as people write them, made comparable: countries, dates, addresses, kinds of bodies, tags, names."""
