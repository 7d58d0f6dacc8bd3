"""What cannot become a lead yet is held, and becomes one once its cause is mended."""
