"""Where a webhook may be sent to, and what an address of one looks like."""

from ipaddress import ip_address

import pytest

from app.notices.reach import Reach, parse_networks

PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808"]
INSIDE = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",  # behind a provider's translation
    "100.100.100.200",  # metadata of Alibaba's cloud
    "169.254.169.254",  # metadata of most clouds
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001:0:7f00:1::",
    "2002:7f00:1::",
    "2001:db8::1",
    "fe80::1",
    "fd00:ec2::254",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_within_reach(address: str) -> None:
    assert Reach().allows(ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_else_is(address: str) -> None:
    assert not Reach().allows(ip_address(address))


def test_a_network_that_the_operator_names_is_and_only_that() -> None:
    reach = Reach(parse_networks("10.20.0.0/16, fd12::/16"))
    assert reach.allows(ip_address("10.20.3.4"))
    assert reach.allows(ip_address("::ffff:10.20.3.4"))
    assert reach.allows(ip_address("fd12::1"))
    assert not reach.allows(ip_address("10.21.0.1"))
    assert reach.allows(ip_address("8.8.8.8"))


@pytest.mark.parametrize("text", ["10.20.0.0/33", "", "10.0.0.1/8", "loopback"])
def test_a_network_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"written like 10\.20\.0\.0/16"):
        parse_networks(text)


@pytest.mark.parametrize(
    "url",
    [
        "https://ehr.example/hooks/nacor",
        "https://ehr.example:8443/?token=abc",
        "https://8.8.8.8/",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        "https://localhost/",  # a name is judged by what it stands for when it is used
    ],
)
def test_an_address_that_can_be_posted_to(url: str) -> None:
    assert Reach().parse_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://ehr.example/",
        "ftp://ehr.example/",
        "https:///hooks",
        "https://user:password@ehr.example/",
        "https://@ehr.example/",
        "https://ehr.example/#part",
        "https://ehr.example:0/",
        "https://ehr.example:65536/",
        "https://ehr.example:port/",
        "https://ehr.example/a b",
        "https://ehr.example/\r\nHost: other",
        "https://krankenhaus-münchen.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::1/",
        "https://169.254.169.254/latest/meta-data",
        "https://ehr.example/" + "a" * 500,
        "",
    ],
)
def test_an_address_that_cannot(url: str) -> None:
    with pytest.raises(ValueError, match=r"^an address (has|is|begins) ") as refused:
        Reach().parse_url(url)
    assert not url or url not in str(refused.value)
