"""Plots of graders' agreement, as SVG written by hand."""
