"""How the world comes in: HTTP and the command line; and where a port meets its adapter."""
