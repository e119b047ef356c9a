"""Measures Pup, and what else supervises processes on this machine, in one run."""
