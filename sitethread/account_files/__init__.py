"""A person's whole account as one zip: what it holds, writing it, and reading it back."""
