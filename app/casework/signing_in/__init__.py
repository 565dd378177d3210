"""Signing in: names and passwords, second steps, accounts elsewhere, what was typed too late. By real time."""
