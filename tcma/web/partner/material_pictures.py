"""Where the pictures of a kit's materials are found: drawn for posts, or the kit's own."""

from campaigns.kit import Kit
from campaigns.kit.materials import SocialPosts
from tcma import addresses, storage
from tcma.launches import by_hand


def of_posts(
    files: storage.Storage, seen: by_hand.Seen, posts: SocialPosts
) -> list[tuple[by_hand.PostPicture, str]]:
    """Each picture with its public address. Not inside a transaction: what is new is drawn."""
    return [
        (picture, addresses.picture(*picture.made.name.split(".")))
        for picture in by_hand.pictures(files, seen, posts)
    ]


def of_kit(files: storage.Storage, kit: Kit, path: str) -> str:
    """The public address of a picture of the kit, put there if no mail of it was."""
    return addresses.picture(storage.keep_public(files, kit.files[path]), path.rpartition(".")[2])
