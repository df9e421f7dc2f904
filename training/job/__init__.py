"""What every script that runs as a SageMaker training job shares, whatever it trains.

Standard library only: a script can install its SIGTERM handler and report a wrong hyperparameter
before it spends seconds importing torch.
"""
