"""What every kind of test needs and no kind owns: a browser, a PostgreSQL, axe, and the run over all of them."""
