"""The review workbench: a local web page for a project, and the API behind it."""
