"""From parameters to a published folder: run the notebooks, gather them, write the report."""
