"""
Leads as files: CSV for spreadsheets, NDJSON for programs.

It turns leads into text and writes it nowhere: whoever exports does that, on the command line or
over HTTP. `lead_json` and `json_text` are how everything that shows leads writes them.
"""
