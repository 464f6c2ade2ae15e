"""Any Jupyter notebook as Typst and PDF/UA, without LaTeX and without a browser."""
