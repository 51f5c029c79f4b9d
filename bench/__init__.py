"""medbench: which ways of hiding a patient's identity in a face photo keep the medical signs alive."""

__version__ = "0.1.0"
