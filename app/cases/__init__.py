"""The one write path of a case, where engine and store meet. No page."""
