from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.people.seen import LEAST, Seen


@given(st.lists(st.text(max_size=3), max_size=200))
@settings(max_examples=50)
def test_an_address_is_new_once(addresses: list[str]) -> None:
    seen, wanted = Seen(), set[str]()
    for address in addresses:
        assert seen.add(address) is (address not in wanted)
        wanted.add(address)
    assert len(seen) == len(wanted)


def test_none_is_forgotten_while_the_places_double() -> None:
    seen, many = Seen(), [f"p{number}@x.example" for number in range(4 * LEAST)]
    assert all([seen.add(address) for address in many])
    assert not any([seen.add(address) for address in many])
    assert len(seen) == len(many)
