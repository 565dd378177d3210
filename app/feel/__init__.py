"""FEEL, the one expression language: a closed interpreter. Pure."""
