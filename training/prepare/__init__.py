"""What `prepare_data.py` is made of: reading, validating, deduplicating and splitting a dataset.

Standard library only, so that it starts in milliseconds and runs anywhere Python 3.11 does.
"""
