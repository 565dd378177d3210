"""The one write path: the only layer where engine and store meet. Who may ask is decided before it is called."""
