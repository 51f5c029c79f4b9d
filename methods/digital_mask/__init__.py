"""Digital Mask: a parametric face fitted to the patient's and drawn instead of it."""
