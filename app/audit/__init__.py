"""What auditors do: replay a case, verify a chain, reveal with a reason. No page, no SQL."""
