"""SQL: the journal, its keys, the projections and the queries. The only layer that imports SQLAlchemy."""
