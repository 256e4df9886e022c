"""Publishing: the version of a website that everybody sees, and how it is shown to visitors."""
