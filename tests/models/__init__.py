"""Model servers that others wrote: `make models`."""
