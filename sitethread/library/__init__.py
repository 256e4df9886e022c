"""The library: fonts and icons that a website gets as files of its own, so that none are loaded from elsewhere.

A page uses a family by a link to fonts/<family>.css, and icons by their class names with a link to
icons/bootstrap-icons.css. Whatever makes a version adds the files that its pages ask for so.
"""
