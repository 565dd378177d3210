"""Commissioned places as a partnership keeps them: centres, quotas, who holds a place, registers."""
