"""The pages: validate, call one use case, redirect. Decides nothing."""
