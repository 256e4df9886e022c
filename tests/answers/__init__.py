"""Answers, from the question to the page that they make."""
