"""Reading for pages, API and use cases: by noun. Writing goes through `cases`."""
