"""All methods of a suite together: one page, the papers' order, and how firm ranks are."""
