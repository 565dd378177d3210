"""What happens when its time comes: due timers and effects after commit. Decides nothing."""
