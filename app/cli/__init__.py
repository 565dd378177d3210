"""The command line: words in, results on stdout. Decides nothing."""
