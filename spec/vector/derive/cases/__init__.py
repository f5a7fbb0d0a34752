"""The cases, one module a file: inputs only. What is expected is derived."""
