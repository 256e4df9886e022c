"""Rules for pages: accessibility, structure and what search engines need.

Sources: WCAG 2.2 for contrast, names and structure; the HTML standard for parsing. Pages may be made to cost: `process`
is how a server checks one.
"""
