"""Of which kind a body is: JSON if it begins so, else as its type says."""

import pytest
from sanic.compat import Header

from entrypoints.http.body.kind import BodyKind, kind_of

TYPES = {
    "application/json": BodyKind.JSON,
    "APPLICATION/JSON ; Charset=latin-1": BodyKind.JSON,
    "application/vnd.api+json": BodyKind.JSON,
    "text/json": BodyKind.JSON,
    "text/plain;charset=UTF-8": BodyKind.JSON,
    "": BodyKind.JSON,
    " ": BodyKind.JSON,
    "application/x-www-form-urlencoded; charset=UTF-8": BodyKind.FORM,
    "multipart/form-data; boundary=x": BodyKind.FORM,
    "multipart/mixed; boundary=x": BodyKind.OTHER,
    "application/octet-stream": BodyKind.OTHER,
    "application/xml": BodyKind.OTHER,
    "application/jsonx": BodyKind.OTHER,
    "json": BodyKind.OTHER,
}


def with_types(*types: str) -> Header:
    return Header([("content-type", value) for value in types])


@pytest.mark.parametrize(("content_type", "kind"), TYPES.items())
def test_what_does_not_begin_as_json_is_what_its_type_says(
    content_type: str, kind: BodyKind
) -> None:
    assert kind_of(with_types(content_type), b"hello=Ada") is kind
    assert kind_of(with_types(content_type), b"") is kind


@pytest.mark.parametrize("begin", [b"{", b"[", b" \r\n\t{", b"\xef\xbb\xbf{", b"\xef\xbb\xbf \n["])
@pytest.mark.parametrize("content_type", TYPES)
def test_what_begins_as_json_is_json_whatever_its_type_says(
    content_type: str, begin: bytes
) -> None:
    assert kind_of(with_types(content_type), begin) is BodyKind.JSON


def test_without_a_type_it_is_json() -> None:
    assert kind_of(Header(), b"hello") is BodyKind.JSON


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (("application/json", "text/plain"), BodyKind.JSON),
        (("application/json", "multipart/form-data"), BodyKind.OTHER),
    ],
)
def test_several_types_that_say_different_things_say_nothing(
    types: tuple[str, ...], kind: BodyKind
) -> None:
    assert kind_of(with_types(*types), b"hello") is kind


@pytest.mark.parametrize(
    "coding", ["gzip", "GZIP ", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress",
               "identity, gzip"]
)  # fmt: skip
def test_what_is_compressed_is_of_another_kind(coding: str) -> None:
    assert kind_of(Header([("content-encoding", coding)]), b"{}") is BodyKind.OTHER


@pytest.mark.parametrize("coding", ["", "identity", "UTF-8", "utf8, identity", "application/json"])
def test_a_coding_that_does_not_compress_is_nothing(coding: str) -> None:
    assert kind_of(Header([("content-encoding", coding)]), b"{}") is BodyKind.JSON
