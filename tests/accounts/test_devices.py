"""Devices in plain words."""

from __future__ import annotations

import pytest

from school.accounts.devices import device


@pytest.mark.parametrize(
    ("described", "said"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; X) AppleWebKit/537 Chrome/116 Mobile MicroMessenger/8.0.42",
            "安卓手机，微信",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1",
            "苹果手机，Safari 浏览器",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Safari/537.36 Edg/120", "Windows 电脑，Edge 浏览器"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537.36", "Linux 电脑，Chrome 浏览器"),
        ("curl/8", "没有说明的设备"),
        ("", "没有说明的设备"),
    ],
)
def test_a_browsers_description_in_plain_words(described, said):
    assert device(described) == said
