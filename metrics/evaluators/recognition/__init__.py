"""Face recognisers: their networks, one file per architecture, and how they want a face cut out."""
