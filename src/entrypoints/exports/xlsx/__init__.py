"""Leads as an Excel file: the sheets, and the file that is made of them on the disk."""
