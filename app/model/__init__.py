"""Frozen values that every layer speaks in. No behaviour beyond turning into JSON and back."""
