"""Rules a diagram must keep before it is deployed. Pure: reads a diagram, returns problems."""
