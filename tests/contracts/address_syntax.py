"""What every `AddressSyntax` does; subclass and provide `names`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.address_syntax import AddressSyntax
from domain.allowlist import InvalidDomain
from entrypoints.channel_contract.examples import EXAMPLES

ANY_TEXT = st.text(st.characters() | st.sampled_from("ab01.-_@:/[]*ß\udcff。"), max_size=80)


class AddressSyntaxContract:
    @pytest.mark.parametrize(
        "email",
        [
            "zoe@example.com",
            "zoe.o'neil+crm@mail.example.co.uk",
            "ZOE@EXAMPLE.COM",
            "zoë@example.com",
            "zoe@bücher.example.com",
            "zoe@xn--bcher-kva.example.com",
            "a@b.co",
            "zoe@shop.test",
            "zoe@shop.example",
            "xxx.yyy.@docomo.ne.jp",
            "xxx..yyy@docomo.ne.jp",
            ".xxx@EZWEB.ne.jp",
        ],
    )
    def test_mail_can_be_sent_to_an_address(self, names: AddressSyntax, email: str) -> None:
        assert names.is_email(email)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "zoe",
            "zoe@",
            "@example.com",
            "zoe@example",
            "zoe@@example.com",
            "zoe@example..com",
            "zoe@exa mple.com",
            "zoe@[127.0.0.1]",
            ".zoe@example.com",
            "zoe.@example.com",
            "zoe..x@example.com",
            "zoe.@mail.docomo.ne.jp",
            "...@docomo.ne.jp",
            "zoe@test",
            "zoe@shop.invalid",
            "zoe@example.com\n",
            "zoe@example.com\r\nBcc: x@example.com",
            "zoe@example.com, x@example.com",
            "Zoë <zoe@example.com>",
            "zoe@example.com\0",
            "\ud800@example.com",
            "zoe@\udcff.com",
            "a" * 65 + "@example.com",
            "zoe@" + "a" * 64 + ".com",
            "zoe@" + "a." * 150 + "com",
            "@" * 5000,
        ],
    )
    def test_anything_else_is_no_address(self, names: AddressSyntax, text: str) -> None:
        assert not names.is_email(text)

    @pytest.mark.parametrize(
        ("text", "host"),
        [
            ("example.com", "example.com"),
            ("Example.COM", "example.com"),
            ("example.com.", "example.com"),
            ("www.example.co.uk", "www.example.co.uk"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example.", "xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("straße.de", "xn--strae-oqa.de"),
            ("例え。jp", "xn--r8jz45g.jp"),
            ("\u212aelvin.example", "kelvin.example"),
            ("shop.github.io", "shop.github.io"),
            ("localhost", "localhost"),
            ("192.0.2.1", "192.0.2.1"),
            ("[2001:DB8:0::1]", "[2001:db8::1]"),
            ("[::ffff:192.0.2.1]", "[::ffff:c000:201]"),
        ],
    )
    def test_a_host_is_written_as_browsers_send_it(
        self, names: AddressSyntax, text: str, host: str
    ) -> None:
        assert names.canonical_host(text) == host

    @pytest.mark.parametrize(
        "text",
        [
            "",
            ".",
            "com",
            "co.uk",
            "github.io",
            "example..com",
            ".example.com",
            "example.com..",
            "exa mple.com",
            "exa_mple.com",
            "-example.com",
            "example.com:8080",
            "https://example.com",
            "example.com/path",
            "zoe@example.com",
            "*.example.com",
            "xn--a.example",
            "a" * 64 + ".example",
            "a." * 127 + "example",
            "300.0.0.1",
            "1.2.3",
            "1.2.3.4.5",
            "[::1",
            "[1]",
            "[fe80::1%eth0]",
            "::1",
            "\ud800.example",
            chr(0xDCFF) + ".example",
            "nul\0.example",
            "example.com\n",
        ],
    )
    def test_anything_else_is_no_host_of_ones_own(self, names: AddressSyntax, text: str) -> None:
        with pytest.raises(InvalidDomain):
            names.canonical_host(text)

    @EXAMPLES
    @given(text=ANY_TEXT)
    def test_any_text_is_an_address_or_not(self, names: AddressSyntax, text: str) -> None:
        assert names.is_email(text) in (True, False)

    @EXAMPLES
    @given(text=ANY_TEXT)
    def test_any_text_is_a_canonical_host_or_invalid(self, names: AddressSyntax, text: str) -> None:
        try:
            host = names.canonical_host(text)
        except InvalidDomain:
            return

        assert host.isascii()
        assert host == host.lower()
        assert names.canonical_host(host) == host
