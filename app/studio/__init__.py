"""Use cases of process owners: bundles, checks, drafts, approval, deploying, scenarios. No page and no case content."""
