"""Our figures beside other packages' figures."""
