"""The examples in other languages, run by the real thing."""

from tests.examples.programs import ProgramContract


class TestNode(ProgramContract):
    command = ("node", "node.mjs")


class TestPhp(ProgramContract):
    command = ("php", "php.php")
