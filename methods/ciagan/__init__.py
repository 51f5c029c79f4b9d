"""CIAGAN: a drawing of landmarks, the masked picture and a chosen identity make another face."""
