"""Backups of an installation: taking them while people work, checking them, putting them back."""
