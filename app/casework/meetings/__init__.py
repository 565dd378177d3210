"""Meetings as the people who arrange and run them keep them: series, their dates, the lists of cases."""
