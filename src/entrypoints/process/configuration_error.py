"""What is wrong with a setting; apart from the settings, which take long to import."""


class ConfigurationError(Exception):
    """A setting is wrong; the text names it and says what it must be."""

    code = "INVALID_CONFIGURATION"
