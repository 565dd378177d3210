"""The API for programs, version 1: the same use cases and the same access as the pages, as JSON (docs/api.md)."""
