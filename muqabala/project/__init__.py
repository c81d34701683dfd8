"""A project: a folder with settings and a database, from documents to a released corpus."""
