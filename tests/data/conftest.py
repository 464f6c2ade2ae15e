"""Tests here share the small campaign folder of small.py."""
