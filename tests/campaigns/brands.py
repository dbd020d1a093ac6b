"""The world of examples: Northwind Security sells through Harbour IT."""

from dataclasses import replace

from campaigns.brand import Brand, LogoSet, Person, Picture, Portrait


def a_logo(width: int = 640, height: int = 134, *, plate: bool = True, name: str = "a" * 64) -> LogoSet:
    light = Picture(f"{name}.png", width, height)
    return LogoSet(light, light, plate, Picture(f"{'f' * 64}.png", 256, 256), ("#f58220",))


def a_partner(
    *,
    name: str = "Harbour IT",
    colour: str = "#f58220",
    logo: LogoSet | None = None,
    phone: str = "+41 44 555 01 23",
) -> Brand:
    return Brand(
        name=name,
        legal_name="Harbour IT AG",
        address_lines=("Hafenstrasse 1", "8001 Zürich"),
        country="CH",
        website="https://harbour-it.example",
        phone=phone,
        imprint_url="https://harbour-it.example/imprint",
        privacy_url="https://harbour-it.example/privacy",
        colour=colour,
        logo=logo,
        contact=Person("Marc Keller", "marc.keller@harbour-it.example", phone, "Head of IT security"),
        sender_name="Marc Keller, Harbour IT",
        sender_email="news@harbour-it.example",
        reply_to="marc.keller@harbour-it.example",
    )


def a_vendor(*, logo: LogoSet | None = None) -> Brand:
    return Brand(
        name="Northwind Security",
        legal_name="Northwind Security Ltd",
        address_lines=("12 Quay Street", "Dublin 1"),
        country="IE",
        website="https://northwind.example",
        phone="",
        imprint_url="https://northwind.example/imprint",
        privacy_url="https://northwind.example/privacy",
        colour="#1d3f72",
        logo=logo,
        contact=Person("Ana Silva", "ana@northwind.example"),
    )


def a_portrait(small: str = "c" * 64, large: str = "d" * 64) -> Portrait:
    return Portrait(Picture(f"{small}.jpg", 128, 128), Picture(f"{large}.jpg", 192, 192))


def with_picture(brand: Brand, portrait: Portrait | None = None) -> Brand:
    return replace(brand, contact=replace(brand.contact, picture=portrait or a_portrait()))
