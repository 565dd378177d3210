"""What staff do: start a case, complete, claim and hand on its tasks. No page, no SQL."""
