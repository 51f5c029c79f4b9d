"""Clinical cohorts: what graders see in original and protected pictures, from blinded lists to kappa."""
