"""What the performance tables are made with."""
