"""Submissions: what visitors send by the forms of published pages."""
