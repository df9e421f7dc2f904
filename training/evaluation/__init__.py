"""What `evaluate_model.py` is made of: sending a model every test row, and reporting."""
