"""The leaderboard as a static site: templates, plots drawn by hand, nothing from elsewhere."""
