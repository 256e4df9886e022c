"""The error that stops the embedded Supabase."""


class StackError(Exception):
    """Stops the stack. Its text is one line, shown to the person as it is, and names the fix."""
