"""A whole Supabase on this machine, for development and tests. The app never imports it."""
