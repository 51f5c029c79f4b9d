"""The metric pass of one method, against a plain script with the same packages."""
