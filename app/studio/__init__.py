"""What process owners do: draft, check, approve and deploy diagrams. No page, no SQL."""
