"""Who may do what to which object, and why. Pure: decides on values, asks no database."""
