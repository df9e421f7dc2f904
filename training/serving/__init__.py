"""A model behind its own inference.py: loaded for evaluation, and served over HTTP."""
