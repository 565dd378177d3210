"""The demonstration: an invented authority and what its people do. Loaded only where an installation asks for it."""
