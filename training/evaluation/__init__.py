"""What `evaluate_model.py` is made of: asking a model about every test row, and reporting."""
