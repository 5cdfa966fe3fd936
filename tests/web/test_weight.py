"""What leaves the house compressed, and what must not be."""

from __future__ import annotations

import gzip

import pytest


def script(client, **headers):
    """Status, headers and bytes of a script."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.get(f"{client.application.static_url_path}/js/quiz.js", headers=named) as answer:
        return answer.status_code, answer.headers, answer.data


def test_files_come_compressed_to_whoever_takes_that(client):
    plain, pressed = script(client)[2], script(client, Accept_Encoding="gzip")[2]

    assert gzip.decompress(pressed) == plain
    assert len(pressed) < len(plain) / 2


def test_a_file_is_kept_for_a_year_under_an_address_that_changes_with_it(client):
    named = client.application.static_url_path
    told = script(client)[1]["Cache-Control"]
    page = client.get("/sign-in").text

    assert set(told.split(", ")) == {"public", "max-age=31536000", "immutable"}
    assert named.removeprefix("/static/").isalnum()
    assert (page.count(f'"{named}/'), page.count('"/static/')) == (2, 2)


@pytest.mark.parametrize("said", ["identity", "gzip;q=0", "br"])
def test_whoever_does_not_take_it_gets_it_plain(client, said):
    assert "Content-Encoding" not in script(client, Accept_Encoding=said)[1]


def test_a_piece_of_a_file_is_sent_as_it_was_cut(client):
    """Pressed, its bytes would not be the ones that Content-Range names."""
    status, _, piece = script(client, Accept_Encoding="gzip", Range="bytes=100-3099")

    assert (status, piece) == (206, script(client)[2][100:3100])


def test_a_page_is_of_another_length_each_time(client):
    """The token in its form must not be guessed at by the length (BREACH)."""
    lengths = {len(client.get("/sign-in", headers={"Accept-Encoding": "gzip"}).data) for _ in range(12)}

    assert len(lengths) > 1
