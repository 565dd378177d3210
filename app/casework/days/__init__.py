"""The day of each role: what is next, and numbers that open the lists behind them. One module per role's section."""
