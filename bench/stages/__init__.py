"""The arrows of a run, one file each; medbench.runner strings them together."""
