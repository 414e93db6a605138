"""Files of proposals over HTTP: uploaded, checked, reviewed, published."""
