"""Pages over the use cases: Flask, templates, the gate. They read through `store.queries` and write by use cases."""
