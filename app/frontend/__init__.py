"""The browser parts: their sources, and the builder that bundles them. No page and no route lives here."""
