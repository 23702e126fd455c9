"""TwinSpace Hub: the server that composes documents, media and storage."""

__version__ = "0.1.0"
