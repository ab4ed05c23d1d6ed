"""The public interface of Python, see docs/python.md: trained models and scores, arrays in and out."""
