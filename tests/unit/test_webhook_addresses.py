"""Where events may be sent to: out over HTTPS, into one's own network only where the operator listed the host."""

import pytest

from app.casework.webhook_addresses import RefusedAddress, check, hosts, place_of

NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "ftp://example.org/",
        "//example.org/",
        "https://",
        "https:///path",
        "https://user:word@example.org/",
        "https://@example.org/",
        "https://example.org/#part",
        "https://exa mple.org/",
        "https://example.org\\@inside/",
        "https://example.org:99999/",
        "https://examplé.org/",
        "https://example.org/\r\nHost: inside",
        "https://[::1",
        "https://-example.org/",
        "https://example..org/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.0.9/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://example.org/" + "a" * 500,
    ],
)
def test_such_an_address_is_refused(address: str) -> None:
    with pytest.raises(RefusedAddress):
        place_of(address, NONE)


@pytest.mark.parametrize(
    ("address", "authority", "path"),
    [
        ("https://example.org", "example.org", "/"),
        ("https://Example.org/hook?a=b", "example.org", "/hook?a=b"),
        ("https://example.org:8443/hook", "example.org:8443", "/hook"),
        ("https://93.184.215.14/hook", "93.184.215.14", "/hook"),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:444/", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:444", "/"),
    ],
)
def test_such_an_address_is_taken_apart(address: str, authority: str, path: str) -> None:
    place = place_of(address, NONE)
    assert (place.authority, place.path) == (authority, path)


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.5", "::1", "::ffff:10.0.0.5", "169.254.169.254"])
def test_a_name_that_leads_inside_is_refused_unless_it_is_listed(number: str) -> None:
    with pytest.raises(RefusedAddress, match="not public"):
        check(number, place_of("https://hooks.example.org/", NONE))

    check(number, place_of("https://hooks.example.org/", hosts("other.example, Hooks.example.org")))


def test_without_https_only_this_machine_is_reached_and_only_where_it_is_listed() -> None:
    place = place_of("http://localhost:8000/", hosts("localhost"))

    check("127.0.0.1", place)
    with pytest.raises(RefusedAddress, match="Without HTTPS"):
        check("10.0.0.5", place)
    with pytest.raises(RefusedAddress, match="https://"):
        place_of("http://localhost:8000/", NONE)
