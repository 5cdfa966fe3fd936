"""What a browser's own description says in plain words, so that somebody recognises their phone in a list. Pure."""

from __future__ import annotations

#: the first that stands in the description decides
KINDS = (("iPhone", "苹果手机"), ("iPad", "平板"), ("HarmonyOS", "华为手机"), ("Android", "安卓手机"), ("Windows", "Windows 电脑"),
         ("Macintosh", "苹果电脑"), ("Linux", "Linux 电脑"))  # fmt: skip
BROWSERS = (("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge 浏览器"), ("Firefox", "Firefox 浏览器"),
            ("Chrome", "Chrome 浏览器"), ("Safari", "Safari 浏览器"))  # fmt: skip


def device(described: str) -> str:
    """ "Mozilla/5.0 (Linux; Android 13 …) … MicroMessenger/8" as 安卓手机，微信; 没有说明的设备 for what nobody knows."""
    found = (next((said for mark, said in names if mark in described), "") for names in (KINDS, BROWSERS))
    return "，".join(part for part in found if part) or "没有说明的设备"
