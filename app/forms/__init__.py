"""Form schemas, their questions and the answers to them. Pure: renders no page."""
